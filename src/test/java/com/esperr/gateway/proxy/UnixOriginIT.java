package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that listens on a socket in the file system. */
class UnixOriginIT {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlocal";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void isReachedByWhateverTransport(String transport) throws IOException {
        Path path = directory.resolve("app.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            Thread server = new Thread(() -> serve(listener), "unix-origin");
            server.setDaemon(true);
            server.start();
            try (TestGateway gateway = TestGateway.start(
                    Map.of("origin.url", "unix:" + path, "runtime.transport", transport, "runtime.event-loops", "1"))) {
                RawResponse answer = RawClient.exchange(gateway.port(), Scene.request("GET /"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.bodyText()).isEqualTo("local");
                await().atMost(Duration.ofSeconds(30)).until(() -> gateway.readiness() == 200);
            }
        }
    }

    private static void serve(ServerSocketChannel listener) {
        while (listener.isOpen()) {
            try (SocketChannel connection = listener.accept()) {
                // The probe of readiness connects and asks nothing.
                if (connection.read(ByteBuffer.allocate(8192)) > 0) {
                    connection.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
                }
            } catch (IOException closed) {
                // The listener is closed, or whoever connected has left.
            }
        }
    }
}
