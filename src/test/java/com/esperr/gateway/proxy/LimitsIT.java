package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each key of {@code limits}: the last value that passes, the first that does not, what the client is told and what is counted. */
class LimitsIT {

    private @Nullable Scene scene;

    private Scene start(String... keysAndValues) {
        scene = Scene.with(keysAndValues);
        return scene;
    }

    @AfterEach
    void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    private static void checkRefused(Scene at, RawClient client, FailureReason reason) {
        RawResponse response = client.readResponse();
        assertThat(response.status()).isEqualTo(reason.status());
        assertThat(response.header("connection")).isEqualTo("close");
        assertThat(response.header("esper-reference")).isNotEmpty();
        assertThat(client.readUntilClose()).isEmpty();
        await().untilAsserted(() -> assertThat(at.gateway.failures(reason)).isEqualTo(1));
    }

    @Test
    void aRequestLineThatIsTooLongIs414() {
        Scene at = start("limits.request-line", "100");
        String longest = "GET /" + "a".repeat(86);
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request(longest)).readResponse().status())
                    .isEqualTo(200);
            checkRefused(at, client.send(Scene.request(longest + "a")), FailureReason.URI_TOO_LONG);
        }
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void headerBytesBeyondTheLimitAre431() {
        Scene at = start("limits.header-bytes", "256");
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /", "X: " + "a".repeat(200)))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            checkRefused(
                    at, client.send(Scene.request("GET /", "X: " + "a".repeat(256))), FailureReason.HEAD_TOO_LARGE);
        }
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void moreHeaderLinesThanTheLimitAre431() {
        Scene at = start("limits.header-count", "3");
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /", "A: 1", "B: 2"))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            checkRefused(at, client.send(Scene.request("GET /", "A: 1", "B: 2", "C: 3")), FailureReason.HEAD_TOO_LARGE);
        }
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void aTrailerSectionCountsAgainstTheLimitOfHeads() {
        Scene at = start("limits.header-bytes", "256");
        try (RawClient client = at.client()) {
            client.send(
                    Scene.request("POST /", "Transfer-Encoding: chunked") + "0\r\nX: " + "a".repeat(300) + "\r\n\r\n");
            checkRefused(at, client, FailureReason.HEAD_TOO_LARGE);
        }
    }

    @Test
    void aBodyThatIsAnnouncedTooLongIs413() {
        Scene at = start("limits.body", "1000");
        try (RawClient client = at.client()) {
            client.send(Scene.request("POST /", "Content-Length: 1000")).sendPattern(1000);
            assertThat(client.readResponse().status()).isEqualTo(200);
            checkRefused(
                    at, client.send(Scene.request("POST /", "Content-Length: 1001")), FailureReason.BODY_TOO_LARGE);
        }
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void chunksThatGrowTooLongAre413() {
        Scene at = start("limits.body", "1000");
        String chunk = "1f4\r\n" + "a".repeat(500) + "\r\n";
        try (RawClient client = at.client()) {
            client.send(Scene.request("POST /", "Transfer-Encoding: chunked") + chunk + chunk + "0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send(Scene.request("POST /", "Transfer-Encoding: chunked") + chunk + chunk);
            // What is refused in the read that brought its head never reaches the origin.
            await().until(() -> at.origin.requests().size() == 2);
            client.send("1\r\n");
            checkRefused(at, client, FailureReason.BODY_TOO_LARGE);
        }
        assertThat(at.origin.awaitRequests(2).get(1).isComplete()).isFalse();
    }

    @Test
    void aBodyLimitOfNothingLetsRequestsWithoutBodyPass() {
        Scene at = start("limits.body", "0");
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("POST /", "Content-Length: 0"))
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            checkRefused(at, client.send(Scene.request("POST /", "Content-Length: 1")), FailureReason.BODY_TOO_LARGE);
        }
    }

    @Test
    void aHeadThatIsNotCompleteInTimeIs408() {
        Scene at = start("limits.header-timeout", "200ms");
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            checkRefused(at, client.send("GET / HTTP/1.1\r\nHost: gw.test\r\nX: slow"), FailureReason.REQUEST_TIMEOUT);
        }
        assertThat(at.origin.requests()).hasSize(1);
    }

    @Test
    void oneByteAfterTheOtherIsNoProgressOfAHead() {
        Scene at = start("limits.header-timeout", "300ms");
        try (RawClient client = at.client().send("GET /")) {
            Thread drip = new Thread(() -> {
                while (client.trySend(new byte[] {'a'})) {
                    Thread.onSpinWait();
                    if (at.gateway.failures(FailureReason.REQUEST_TIMEOUT) > 0) {
                        return;
                    }
                }
            });
            drip.start();
            assertThat(client.readResponse().status()).isIn(408, 414);
        }
    }

    @Test
    void aBodyThatPausesTooLongIs408() {
        Scene at = start("limits.body-timeout", "200ms");
        try (RawClient client = at.client()) {
            client.send(Scene.request("POST /", "Content-Length: 10") + "half");
            checkRefused(at, client, FailureReason.REQUEST_TIMEOUT);
        }
        assertThat(at.origin.onlyRequest().isComplete()).isFalse();
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() {
        Scene at = start("limits.idle-timeout", "200ms");
        try (RawClient silent = at.client();
                RawClient kept = at.client()) {
            assertThat(kept.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            assertThat(kept.readUntilClose()).isEmpty();
            assertThat(silent.readUntilClose()).isEmpty();
        }
        await().until(() -> at.gateway.metric("esper_client_connections") == 0);
    }

    @Test
    void theLastRequestOfAConnectionIsToldThatItIs() {
        Scene at = start("limits.requests-per-connection", "3");
        try (RawClient client = at.client()) {
            client.send(Scene.request("GET /1")
                    + Scene.request("GET /blocked")
                    + Scene.request("GET /3")
                    + Scene.request("GET /4"));
            assertThat(client.readResponse().headers().has("connection")).isFalse();
            assertThat(client.readResponse().headers().has("connection")).isFalse();
            RawResponse last = client.readResponse();
            assertThat(last.bodyText()).isEqualTo("GET /3\n");
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(client.readUntilClose()).isEmpty();
        }
        assertThat(at.origin.requests()).hasSize(2);
    }

    @Test
    void oneConnectionTooManyIs503AndTheOthersAreServed() {
        Scene at = start("limits.connections", "2");
        try (RawClient first = at.client();
                RawClient second = at.client()) {
            assertThat(first.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            assertThat(second.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            try (RawClient third = at.client()) {
                RawResponse refused = third.readResponse();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("connection")).isEqualTo("close");
                assertThat(third.isClosedByPeer()).isTrue();
            }
            assertThat(first.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
        }
        await().until(() -> at.gateway.failures(FailureReason.TOO_MANY_CONNECTIONS) == 1);
        await().until(() -> at.gateway.metric("esper_client_connections") == 0);
        assertThat(at.gateway.metric("esper_client_connections_accepted_total")).isEqualTo(3);
        assertThat(at.ask("GET /").status()).isEqualTo(200);
    }

    @Test
    void farTooManyConnectionsAreClosedUnansweredAndCounted() {
        Scene at = start("limits.connections", "1");
        List<RawClient> clients = new ArrayList<>();
        try (RawClient served = at.client()) {
            assertThat(served.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            for (int i = 0; i < 2 * Connections.MARGIN; i++) {
                clients.add(at.client());
            }
            await().until(() -> at.gateway.metric("esper_client_connections_dropped_total") >= 1);
            assertThat(served.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(200);
            await().untilAsserted(() -> assertThat(at.gateway.metric("esper_client_connections_dropped_total")
                            + at.gateway.failures(FailureReason.TOO_MANY_CONNECTIONS))
                    .isEqualTo(2 * Connections.MARGIN));
        } finally {
            clients.forEach(RawClient::close);
        }
    }
}
