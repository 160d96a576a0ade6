package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig.Transport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several listeners at once, TCP ports and unix sockets, with each way of driving sockets that there is here. */
class ListenersIT {
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";
    private static final int SIZE = 4 << 20;

    @TempDir
    Path directory;

    private final TestOrigin origin = TestOrigin.start();

    @AfterEach
    void stop() {
        origin.close();
    }

    private static List<Transport> available() {
        return Stream.of(Transport.values()).filter(EventLoops::available).toList();
    }

    private TestGateway start(Transport transport, String hocon, String... keysAndValues) {
        Map<String, String> config = new HashMap<>(
                Map.of("origin.url", origin.url(), "runtime.event-loops", "2", "runtime.transport", transport.name()));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return TestGateway.start(hocon, config);
    }

    private Path socket() {
        return directory.resolve("gw.sock");
    }

    private String unix(String more) {
        return "listeners = [ { address = \"127.0.0.1:0\" }, { address = \"unix:" + socket() + "\"" + more + " } ]";
    }

    @ParameterizedTest
    @MethodSource("available")
    void eachIsAWayIn(Transport transport) throws IOException {
        try (TestGateway gateway = start(transport, unix(""))) {
            List<Integer> ports = gateway.gateway().ports();
            assertThat(ports).hasSize(3).doesNotHaveDuplicates();
            assertThat(gateway.port()).isEqualTo(ports.get(0));
            for (int port : ports.subList(0, 2)) {
                assertThat(RawClient.exchange(port, ASK).status()).isEqualTo(200);
            }
            assertThat(UnixClient.exchange(socket(), ASK)).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.gateway().listeners())
                    .isEqualTo(
                            "127.0.0.1:" + ports.get(0) + " and 127.0.0.1:" + ports.get(1) + " and unix:" + socket());
            await().until(() -> gateway.metric("esper_listener_connections{listener=\"listeners[1]\"}") == 0);
        }
        assertThat(socket()).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("available")
    void bodiesPassAUnixSocketWhole(Transport transport) throws IOException {
        origin.on("/down", Behaviours.stream(SIZE));
        try (TestGateway gateway = start(transport, "", "listen.address", "unix:" + socket())) {
            assertThat(gateway.port()).isZero();
            String answer = UnixClient.exchange(
                    socket(),
                    "POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + SIZE + "\r\n\r\n" + "x".repeat(SIZE)
                            + ASK.replace("GET /", "GET /down"));
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(origin.requests().get(0).bodyLength()).isEqualTo(SIZE);
            byte[] body = answer.substring(answer.lastIndexOf("\r\n\r\n") + 4)
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(body);
            assertThat(crc.getValue()).isEqualTo(Pattern.crc32(SIZE));
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    void aSocketHasItsModeAndReplacesAStaleOne(Transport transport) throws IOException {
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();
        try (TestGateway gateway = start(transport, unix(", socket-mode = 622"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw--w--w-");
            assertThat(UnixClient.exchange(socket(), ASK)).startsWith("HTTP/1.1 200 ");
            assertThat(gateway.readiness()).isEqualTo(200);
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void aPathWhereSomebodyListensIsLeftAlone() throws IOException {
        try (TestGateway first = start(Transport.AUTO, unix(""))) {
            assertThatThrownBy(() -> start(Transport.AUTO, unix("")))
                    .hasMessageContaining("listeners[1].address: unix:" + socket()
                            + " cannot be bound: somebody listens there (expected: ");
            assertThat(UnixClient.exchange(socket(), ASK)).startsWith("HTTP/1.1 200 ");
            assertThat(first.readiness()).isEqualTo(200);
        }
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> start(Transport.AUTO, unix("")))
                .hasMessageContaining("cannot be bound: there is a file that is no socket");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void aPortThatIsTakenNamesItsKey() {
        try (TestGateway first = start(Transport.AUTO, "")) {
            int port = first.port();
            assertThatThrownBy(() -> start(Transport.AUTO, "listeners = [ { address = \"127.0.0.1:" + port + "\" } ]"))
                    .hasMessageContaining("listeners[0].address: 127.0.0.1:" + port + " cannot be bound: ");
        }
    }

    @Test
    void whoComesThroughAUnixSocketIsThisMachine() throws IOException {
        try (TestGateway gateway = start(Transport.AUTO, unix(""), "client.trusted-proxies", "loopback")) {
            UnixClient.exchange(socket(), ASK);
            UnixClient.exchange(socket(), ASK.replace("Host", "X-Forwarded-For: 203.0.113.9\r\nHost"));
            assertThat(gateway.readiness()).isEqualTo(200);
        }
        assertThat(origin.requests().get(0).header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(origin.requests().get(1).header("x-forwarded-for")).isEqualTo("203.0.113.9, 127.0.0.1");
    }

    @ParameterizedTest
    @MethodSource("available")
    void withReusePortEveryLoopAccepts(Transport transport) {
        try (TestGateway gateway = start(transport, "", "listen.reuse-port", "true")) {
            boolean shared = transport != Transport.NIO && transport != Transport.KQUEUE;
            String several = shared ? "127.0.0.1:" + gateway.port() + " (2 sockets)" : "127.0.0.1:" + gateway.port();
            assertThat(gateway.gateway().listeners()).isEqualTo(several);
            for (int i = 0; i < 20; i++) {
                assertThat(RawClient.exchange(gateway.port(), ASK).status()).isEqualTo(200);
            }
            if (shared) {
                // A second process may join in, which is how one hands over to the next.
                try (TestGateway next = start(
                        transport, "", "listen.reuse-port", "true", "listen.address", "127.0.0.1:" + gateway.port())) {
                    assertThat(next.port()).isEqualTo(gateway.port());
                }
            }
        }
    }

    @Test
    void aListenerMayHaveALimitOfItsOwn() {
        String hocon = "listeners = [ { address = \"127.0.0.1:0\", connections = 2 } ]";
        try (TestGateway gateway = start(Transport.AUTO, hocon)) {
            int limited = gateway.gateway().ports().get(1);
            try (RawClient first = RawClient.connect(limited);
                    RawClient second = RawClient.connect(limited)) {
                String ask = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
                assertThat(first.send(ask).readResponse().status()).isEqualTo(200);
                assertThat(second.send(ask).readResponse().status()).isEqualTo(200);
                try (RawClient third = RawClient.connect(limited)) {
                    assertThat(third.isClosedByPeer()).isTrue();
                }
                assertThat(RawClient.exchange(gateway.port(), ASK).status()).isEqualTo(200);
                assertThat(gateway.metric("esper_listener_refused_total{listener=\"listeners[0]\"}"))
                        .isEqualTo(1);
            }
            await().until(() -> gateway.metric("esper_listener_connections{listener=\"listeners[0]\"}") == 0);
            assertThat(RawClient.exchange(limited, ASK).status()).isEqualTo(200);
        }
    }
}
