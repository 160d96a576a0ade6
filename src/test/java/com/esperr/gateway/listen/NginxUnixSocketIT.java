package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.NginxOrigin;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind an nginx that connects to a unix socket and names visitors in a header. */
class NginxUnixSocketIT {
    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void theVisitorIsWhomNginxNames() throws Exception {
        // nginx's worker is another user where a root user tests.
        directory.toFile().setExecutable(true, false);
        Path socket = directory.resolve("gw.sock");
        String location = "location /via/ { proxy_pass http://unix:" + socket + ":/; proxy_http_version 1.1;"
                + " proxy_set_header Connection \"\"; proxy_set_header Host $host;"
                + " proxy_set_header X-Forwarded-For 203.0.113.7; }";
        try (TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url",
                        origin.url(),
                        "listen.address",
                        "unix:" + socket,
                        "listen.socket-mode",
                        "666",
                        "client.trusted-proxies",
                        "loopback"));
                NginxOrigin nginx = NginxOrigin.start(location);
                RawClient client = RawClient.connect(nginx.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /via/up HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\n")
                        .sendPattern(100_000);
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
            }
            assertThat(gateway.gateway().listeners()).isEqualTo("unix:" + socket);
        }
        assertThat(origin.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.header("x-forwarded-for")).isEqualTo("203.0.113.7, 127.0.0.1");
            assertThat(request.header("host")).isEqualTo("a.test");
            assertThat(request.bodyLength()).isEqualTo(100_000);
        });
    }
}
