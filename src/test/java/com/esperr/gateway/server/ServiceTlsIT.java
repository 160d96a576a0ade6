package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestService;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service under https: changed certificates come into force, and who speaks HTTP is told so. */
class ServiceTlsIT {
    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();

    private void write(String name) {
        X509Bundle bundle = Certificates.issued(authority, name);
        Certificates.chain(bundle, directory.resolve("s.pem"));
        Certificates.key(bundle, directory.resolve("s.key"));
    }

    private String curl(int port, String name) throws Exception {
        Process process = new ProcessBuilder(
                        "timeout",
                        "30",
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "--cacert",
                        directory + "/ca.pem",
                        "--resolve",
                        name + ":" + port + ":127.0.0.1",
                        "https://" + name + ":" + port + "/healthz")
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @Test
    void itHasWhatTheGatewaysListenerHas() throws Exception {
        Certificates.root(authority, directory.resolve("ca.pem"));
        write("one.test");
        try (TestService service = TestService.start(
                directory,
                Map.of(
                        "server.tls.certificate-file", directory + "/s.pem",
                        "server.tls.key-file", directory + "/s.key",
                        "server.tls.reload-interval", "100ms"))) {
            int port = service.port();
            assertThat(curl(port, "one.test")).isEqualTo("200");
            assertThat(curl(port, "two.test")).isEqualTo("000");
            assertThat(RawClient.exchange(port, "GET /healthz HTTP/1.1\r\nHost: one.test\r\n\r\n")
                            .bodyText())
                    .isEqualTo("This port speaks https.\r\n");
            write("two.test");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> curl(port, "two.test").equals("200"));
            assertThat(curl(port, "one.test")).isEqualTo("000");
        }
    }
}
