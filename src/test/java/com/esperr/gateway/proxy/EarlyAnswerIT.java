package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An origin that refuses an upload before it has read it, and closes: bytes of the upload that it never reads make its kernel reset
 * the connection, and our next write fail, while its answer waits to be read.
 */
class EarlyAnswerIT {
    private static final int TIMES = 40;
    private static final int BODY = 4 << 20;

    private @Nullable Scene scene;

    @AfterEach
    void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void theAnswerReachesTheClientEveryTime(String transport) throws IOException {
        try (ServerSocket origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> refuseAll(origin));
            server.start();
            Scene at = Scene.with(
                    "runtime.transport", transport, "origin.url", "http://127.0.0.1:" + origin.getLocalPort());
            scene = at;
            for (int i = 0; i < TIMES; i++) {
                assertThat(upload(at, i % 2 == 0)).as("upload %d", i).isEqualTo("413 too much\n");
            }
            await().until(() -> at.gateway.metric("esper_requests_open") == 0);
            assertThat(at.gateway.metric("esper_upstream_connections{state=\"leased\"}"))
                    .isZero();
        }
    }

    private static String upload(Scene at, boolean chunked) {
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BODY;
        try (RawClient client = at.client().send(Scene.request("POST /upload", framing))) {
            Thread sender = new Thread(() -> {
                if (!chunked
                        || client.trySend((Integer.toHexString(BODY) + "\r\n").getBytes(StandardCharsets.US_ASCII))) {
                    client.trySend(new byte[BODY]);
                }
            });
            sender.start();
            RawResponse response = client.readResponse();
            return response.status() + " " + response.bodyText();
        }
    }

    private static void refuseAll(ServerSocket listener) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                // Some of the body, so that the answer meets an upload that is under way.
                socket.getInputStream().readNBytes(100_000);
                socket.getOutputStream()
                        .write("HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo much\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(ended);
                }
            }
        }
    }
}
