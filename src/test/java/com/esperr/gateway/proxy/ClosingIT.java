package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What closing costs while a client does not stop sending. */
class ClosingIT {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void whatARefusedClientStillSendsIsNotKept() {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /%00 HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 1000000000\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
            byte[] piece = new byte[MEBIBYTE];
            for (int i = 0; i < 48 && client.trySend(piece); i++) {
                // As much as the gateway takes while it lingers.
            }
            assertThat(gateway.metric("esper_direct_memory_bytes")).isLessThan(16 * MEBIBYTE);
            assertThat(origin.bytesReceived()).isZero();
        }
    }

    @Test
    void wholeRequestsInFrontOfAHalfCloseAreAllAnswered() {
        String post = "POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 3\r\n\r\nabc";
        String refused = "POST /%00 HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 3\r\n\r\nabc";
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post + post + post + refused).halfClose();
            for (int i = 0; i < 3; i++) {
                assertThat(client.readResponse().bodyText()).isEqualTo("POST /\n");
            }
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(client.readUntilClose()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aLongAnswerToAHalfClosedClientArrivesWhole(String transport) {
        long length = 16 * MEBIBYTE;
        try (TestOrigin origin = TestOrigin.start(Behaviours.stream(length));
                TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url", origin.url(), "runtime.transport", transport, "limits.half-close", "20s"));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET / HTTP/1.1\r\nHost: gw.test\r\nConnection: close\r\n\r\n")
                    .halfClose();
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            // Not read until nothing more fits in: that is when the gateway has to wait for the socket.
            await().during(Duration.ofMillis(300)).until(() -> gateway.metric("esper_requests_open") == 1);
            client.readUntilClose();
            assertThat(client.bytesReceived()).isGreaterThan(length);
        }
    }

    @Test
    void halfARequestInFrontOfAHalfCloseIsNotWaitedFor() {
        String half = "POST / HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 4\r\n\r\nabc";
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(half).halfClose();
            assertThat(client.readUntilClose()).isEmpty();
        }
    }
}
