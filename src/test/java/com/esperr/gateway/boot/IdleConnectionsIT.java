package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a visitor costs who has asked once and keeps the connection. */
class IdleConnectionsIT {
    private static final int COUNT = 10_000;
    /** Beside the connections: jars, libraries, listeners, selectors. */
    private static final int OTHER_FILES = 500;

    private static final long MOST = 200L << 20;
    private static final byte[] GET =
            "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);

    @Test
    void tenThousandCostLessThanTwoHundredMebibytes() throws IOException {
        List<SocketChannel> connections = new ArrayList<>(COUNT);
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.start(
                        List.of(),
                        Map.of(),
                        "run",
                        "--origin=" + origin.url(),
                        "--listen=127.0.0.1:0",
                        "--admin=127.0.0.1:0",
                        "--set=limits.idle-timeout=30m",
                        "--set=log.access=off")) {
            assertThat(RawClient.exchange(gateway.port(), new String(GET, StandardCharsets.US_ASCII))
                            .status())
                    .isEqualTo(200);
            requireFiles(gateway);
            await().atMost(Duration.ofSeconds(10)).until(() -> gateway.metrics().sum("esper_client_connections") == 0);
            long before = gateway.residentBytes();
            for (int i = 0; i < COUNT; i++) {
                connections.add(visit(gateway.port()));
            }
            long after = gateway.residentBytes();
            assertThat(gateway.metrics().sum("esper_client_connections")).isEqualTo(COUNT);
            System.out.printf(
                    "idle: %d connections, %.1f KiB each (%d MiB resident before, %d MiB after, %d connections to the origin)%n",
                    COUNT, (after - before) / 1024.0 / COUNT, before >> 20, after >> 20, origin.connectionsAccepted());
            assertThat(after - before).isLessThanOrEqualTo(MOST);
            // All of them are still good.
            for (SocketChannel connection : connections) {
                ask(connection);
            }
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
    }

    private SocketChannel visit(int port) throws IOException {
        SocketChannel connection = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        ask(connection);
        return connection;
    }

    /** One GET and its whole response, in as many pieces as they come. */
    private void ask(SocketChannel connection) throws IOException {
        connection.write(ByteBuffer.wrap(GET));
        StringBuilder response = new StringBuilder();
        while (response.indexOf("\r\n\r\nGET /page\n") < 0) {
            buffer.clear();
            if (connection.read(buffer) < 0) {
                throw new EOFException("closed after: " + response);
            }
            response.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        assertThat(response).startsWith("HTTP/1.1 200 ");
    }

    private static void requireFiles(GatewayProcess gateway) throws IOException {
        long own = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +")[3])
                .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
                .findFirst()
                .orElseThrow();
        long least = Math.min(own, gateway.maxOpenFiles());
        assertThat(least)
                .as("ulimit -n: %d (expected: at least %d, which this test needs)", least, COUNT + OTHER_FILES)
                .isGreaterThanOrEqualTo(COUNT + OTHER_FILES);
    }
}
