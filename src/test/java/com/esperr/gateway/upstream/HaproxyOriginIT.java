package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Haproxy;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A haproxy as the origin that takes nothing but connections with a PROXY protocol header, and says whom it was told of. */
class HaproxyOriginIT {
    private static final List<String> VISITORS = List.of("198.51.100.7", "203.0.113.9", "2001:db8::7", "198.51.100.7");

    @TempDir
    private Path directory;

    private TestGateway gateway(String url, String version, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                url,
                "origin.proxy-protocol",
                version,
                "origin.health.path",
                "/healthy",
                "client.trusted-proxies",
                "loopback",
                "runtime.event-loops",
                "1"));
        config.putAll(more);
        return TestGateway.start(config);
    }

    private static void everyVisitorIsNamed(TestGateway gateway) {
        // Health checks come with a header that names nobody, or none of them would be answered.
        assertThat(gateway.gateway().awaitReady(Duration.ofSeconds(30))).isTrue();
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (String visitor : VISITORS) {
                RawResponse answer = client.send(
                                "GET / HTTP/1.1\r\nHost: gw.test\r\nX-Forwarded-For: " + visitor + "\r\n\r\n")
                        .readResponse();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.bodyText()).isEqualTo(visitor);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2"})
    void haproxyHearsOfEachVisitor(String version) {
        try (Haproxy origin = Haproxy.answering("accept-proxy");
                TestGateway gateway = gateway("http://127.0.0.1:" + origin.port(0), version, Map.of())) {
            everyVisitorIsNamed(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2"})
    void theHeaderComesBeforeTls(String version) throws Exception {
        X509Bundle authority = Certificates.authority();
        X509Bundle identity = Certificates.issued(authority, "origin.test");
        Path chain = Certificates.chain(identity, directory.resolve("chain.pem"));
        Path key = Certificates.key(identity, directory.resolve("key.pem"));
        Path both = Files.writeString(directory.resolve("both.pem"), Files.readString(chain) + Files.readString(key));
        Path root = Certificates.root(authority, directory.resolve("root.pem"));
        try (Haproxy origin = Haproxy.answering("accept-proxy ssl crt " + both);
                TestGateway gateway = gateway(
                        "https://127.0.0.1:" + origin.port(0),
                        version,
                        Map.of("origin.tls.ca-file", root.toString(), "origin.tls.server-name", "origin.test"))) {
            everyVisitorIsNamed(gateway);
        }
    }
}
