package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.listen.ProxyProtocolCounts.Result;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PROXY protocol on the wire: whose word counts, what becomes of the others, and that nothing behind the header is lost. */
class ProxyProtocolIT {
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
    private static final String TEXT = "PROXY TCP4 203.0.113.9 192.0.2.1 57005 443\r\n";
    private static final byte[] BINARY = HexFormat.of()
            .parseHex("0d0a0d0a000d0a515549540a" + "2121" + "002a" + "20010db8000000000000000000000009"
                    + "20010db8000000000000000000000001" + "dead" + "01bb" + "040003000000");
    private static final byte[] LOCAL = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2000" + "0000");

    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    private TestGateway start(String mode, String... keysAndValues) {
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                origin.url(),
                "listen.proxy-protocol.mode",
                mode,
                "listen.proxy-protocol.from",
                "loopback",
                "listen.proxy-protocol.timeout",
                "1m"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return TestGateway.start(config);
    }

    private static void awaitCount(TestGateway gateway, Result result, int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> gateway.metric("esper_proxy_protocol_total{result=\"" + result.label() + "\"}") == count);
    }

    private String visitor() {
        String told = origin.onlyRequest().header("x-forwarded-for");
        origin.forget();
        return told;
    }

    @Test
    void theAddressIsTheOtherEndOfTheConnection() {
        try (TestGateway gateway = start("required")) {
            assertThat(RawClient.exchange(gateway.port(), TEXT + ASK).status()).isEqualTo(200);
            assertThat(visitor()).isEqualTo("203.0.113.9");
            try (RawClient client = RawClient.connect(gateway.port())) {
                assertThat(client.send(BINARY).send(ASK).readResponse().status())
                        .isEqualTo(200);
            }
            assertThat(visitor()).isEqualTo("2001:db8::9");
            try (RawClient client = RawClient.connect(gateway.port())) {
                assertThat(client.send(LOCAL).send(ASK).readResponse().status()).isEqualTo(200);
            }
            assertThat(visitor()).isEqualTo("127.0.0.1");
            awaitCount(gateway, Result.TOLD, 2);
            awaitCount(gateway, Result.LOCAL, 1);
        }
    }

    @Test
    void whereABalancerNamesNobodyWhatTheBytesSayOfAVisitorDoesNotCount() {
        byte[] unspecified = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2100" + "0000");
        byte[] unix = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2131" + "00d8" + "61".repeat(216));
        byte[] unknown = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        String ask = ASK.replace("Host", "X-Forwarded-For: 198.51.100.3\r\nX-Forwarded-Proto: https\r\nHost");
        try (TestGateway gateway = start("optional", "client.trusted-proxies", "loopback")) {
            for (byte[] header : List.of(LOCAL, unknown, unspecified, unix)) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    assertThat(client.send(header).send(ask).readResponse().status())
                            .isEqualTo(200);
                }
                assertThat(origin.onlyRequest().header("x-forwarded-proto")).isEqualTo("http");
                assertThat(visitor()).isEqualTo("127.0.0.1");
            }
            awaitCount(gateway, Result.LOCAL, 4);
            assertThat(RawClient.exchange(gateway.port(), ask).status()).isEqualTo(200);
            assertThat(visitor()).startsWith("198.51.100.3");
        }
    }

    @Test
    void theRulesOfTrustedProxiesGoOnFromThere() {
        try (TestGateway gateway = start("required", "client.trusted-proxies", "203.0.113.0/24")) {
            String ask = ASK.replace("Host", "X-Forwarded-For: 198.51.100.3\r\nHost");
            RawClient.exchange(gateway.port(), TEXT + ask);
            assertThat(visitor()).isEqualTo("198.51.100.3, 203.0.113.9");
            RawClient.exchange(gateway.port(), TEXT.replace("203.0.113.9", "192.0.2.77") + ask);
            assertThat(visitor()).isEqualTo("192.0.2.77");
        }
    }

    @Test
    void whoSaysNothingTakesTheRoomOfAConnection() {
        // Beyond the limit so many more are told that there are too many.
        int margin = 64;
        List<RawClient> silent = new ArrayList<>();
        try (TestGateway gateway = start("required", "limits.connections", "1")) {
            for (int i = 0; i < 1 + margin; i++) {
                silent.add(RawClient.connect(gateway.port()));
            }
            awaitOpen(gateway, 1 + margin);
            try (RawClient further = RawClient.connect(gateway.port())) {
                assertThat(further.readUntilClose()).isEmpty();
            }
            silent.forEach(RawClient::close);
            awaitCount(gateway, Result.CLOSED, 1 + margin);
            awaitOpen(gateway, 0);
            assertThat(RawClient.exchange(gateway.port(), TEXT + ASK).status()).isEqualTo(200);
            awaitOpen(gateway, 0);
        } finally {
            silent.forEach(RawClient::close);
        }
    }

    private static void awaitOpen(TestGateway gateway, int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metric("esper_client_connections") == count);
    }

    @Test
    void aHeaderMayComeByteByByte() {
        for (byte[] header : new byte[][] {TEXT.getBytes(StandardCharsets.US_ASCII), BINARY}) {
            try (TestGateway gateway = start("required");
                    RawClient client = RawClient.connect(gateway.port())) {
                for (byte b : header) {
                    client.send(new byte[] {b});
                }
                assertThat(client.send(ASK).readResponse().status()).isEqualTo(200);
                awaitCount(gateway, Result.TOLD, 1);
            }
            assertThat(visitor()).isIn("203.0.113.9", "2001:db8::9");
        }
    }

    @Test
    void onlyTheFirstHeaderIsOne() {
        try (TestGateway gateway = start("required")) {
            assertThat(RawClient.exchange(gateway.port(), TEXT + TEXT.replace("203.0.113.9", "192.0.2.7") + ASK)
                            .status())
                    .isEqualTo(400);
            assertThat(origin.requests()).isEmpty();
        }
    }

    @Test
    void whereItIsRequiredEverybodyElseIsClosedUnanswered() {
        try (TestGateway gateway = start("required")) {
            for (String wrong : new String[] {ASK, "PROXY TCP4 203.0.113.9\r\n" + ASK, "PROXX\r\n", "\r\n" + ASK}) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.trySend(wrong.getBytes(StandardCharsets.US_ASCII));
                    assertThat(client.isClosedByPeer()).as(wrong).isTrue();
                }
            }
            awaitCount(gateway, Result.MALFORMED, 4);
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send("PROXY TCP").halfClose();
                assertThat(client.isClosedByPeer()).isTrue();
            }
            awaitCount(gateway, Result.CLOSED, 1);
            assertThat(gateway.metric("esper_client_connections_accepted_total"))
                    .isZero();
        }
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void whoIsSlowIsClosed() {
        try (TestGateway gateway = start("required", "listen.proxy-protocol.timeout", "300ms");
                RawClient silent = RawClient.connect(gateway.port());
                RawClient slow = RawClient.connect(gateway.port()).send("PROXY TCP4 203.")) {
            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(slow.isClosedByPeer()).isTrue();
            awaitCount(gateway, Result.TIMEOUT, 2);
        }
    }

    @Test
    void strangersAreNotBelieved() {
        try (TestGateway gateway = start("required", "listen.proxy-protocol.from", "192.0.2.1");
                RawClient client = RawClient.connect(gateway.port())) {
            client.trySend((TEXT + ASK).getBytes(StandardCharsets.US_ASCII));
            assertThat(client.isClosedByPeer()).isTrue();
            awaitCount(gateway, Result.UNTRUSTED, 1);
        }
        try (TestGateway gateway = start("optional", "listen.proxy-protocol.from", "192.0.2.1")) {
            assertThat(RawClient.exchange(gateway.port(), TEXT + ASK).status()).isEqualTo(400);
            assertThat(RawClient.exchange(gateway.port(), ASK).status()).isEqualTo(200);
            assertThat(visitor()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void whereItIsOptionalItMayBeMissing() {
        try (TestGateway gateway = start("optional")) {
            assertThat(RawClient.exchange(gateway.port(), ASK).status()).isEqualTo(200);
            assertThat(visitor()).isEqualTo("127.0.0.1");
            assertThat(RawClient.exchange(gateway.port(), TEXT + ASK).status()).isEqualTo(200);
            assertThat(visitor()).isEqualTo("203.0.113.9");
            awaitCount(gateway, Result.ABSENT, 1);
            awaitCount(gateway, Result.TOLD, 1);
            // Begins as one and is none: somebody who may send headers sends wrong ones.
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.trySend("PROXY TCP4 nonsense\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void itComesBeforeTls() throws Exception {
        X509Bundle authority = Certificates.authority();
        X509Bundle bundle = Certificates.issued(authority, "a.test");
        Certificates.root(authority, directory.resolve("ca.pem"));
        Certificates.chain(bundle, directory.resolve("a.pem"));
        Certificates.key(bundle, directory.resolve("a.key"));
        try (TestGateway gateway = TestGateway.start("""
                listen.tls.certificates = [ { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" } ]
                listen.proxy-protocol { mode = required, from = [loopback] }
                """.formatted(directory), Map.of("origin.url", origin.url()))) {
            assertThat(curl(gateway.port(), "--haproxy-protocol")).isEqualTo("200");
            assertThat(visitor()).isEqualTo("127.0.0.1");
            assertThat(curl(gateway.port())).startsWith("000");
            awaitCount(gateway, Result.TOLD, 1);
            awaitCount(gateway, Result.MALFORMED, 1);
            assertThat(gateway.gateway().listeners()).endsWith(" (tls, proxy-protocol required)");
        }
    }

    private String curl(int port, String... more) throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec timeout 30 curl -s " + String.join(" ", more) + " --cacert " + directory
                                + "/ca.pem --resolve a.test:" + port
                                + ":127.0.0.1 -o /dev/null -w '%{http_code}' https://a.test:" + port + "/")
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
