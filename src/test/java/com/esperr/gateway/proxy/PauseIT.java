package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that are held on their way to the origin: who waits, in which order they go on, and who waits no longer. */
class PauseIT {
    private static final int CANCEL = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RawClient> clients = new ArrayList<>();
    private @Nullable Scene scene;

    private Scene start(String... keysAndValues) {
        scene = Scene.with(keysAndValues);
        operator(scene, "POST");
        return scene;
    }

    @AfterEach
    void stop() {
        clients.forEach(RawClient::close);
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void whatWasHeldGoesOnInItsOrder() {
        // One connection, so that the origin sees them one after the other.
        Scene at = start("maintenance.pause.hold", "1m", "origin.max-connections", "1", "origin.max-wait", "1m");
        for (int i = 0; i < 5; i++) {
            send(at, "POST /" + i, "Content-Length: 3", "", "abc");
            awaitHeld(at, i + 1);
        }
        assertThat(at.origin.requests()).isEmpty();
        assertThat(at.gateway.metric("esper_pause")).isEqualTo(1);
        assertThat(operator(at, "DELETE").bodyText()).startsWith("{\"on\":false,");
        for (RawClient client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(at.origin.requests())
                .extracting(ReceivedRequest::path)
                .containsExactly("/0", "/1", "/2", "/3", "/4");
        assertThat(at.origin.requests()).extracting(ReceivedRequest::bodyText).containsOnly("abc");
        assertThat(at.gateway.metric("esper_pause_held")).isZero();
    }

    @Test
    void whoHasWaitedTooLongIsTold() {
        Scene at = start("maintenance.pause.hold", "200ms", "maintenance.retry-after", "7s");
        RawResponse told = send(at, "GET /").readResponse();
        assertThat(told.status()).isEqualTo(503);
        assertThat(told.header("retry-after")).isEqualTo("7");
        await().atMost(PATIENCE).until(() -> at.gateway.failures(FailureReason.PAUSED) == 1);
        operator(at, "DELETE");
        assertThat(send(at, "GET /").readResponse().status()).isEqualTo(200);
    }

    @Test
    void thereIsRoomForSoManyOnly() {
        Scene at = start("maintenance.pause.hold", "1m", "maintenance.pause.max-held", "1");
        RawClient first = send(at, "GET /first");
        awaitHeld(at, 1);
        assertThat(send(at, "GET /second").readResponse().status()).isEqualTo(503);
        operator(at, "DELETE");
        assertThat(first.readResponse().status()).isEqualTo(200);
    }

    @Test
    void whoLeavesGivesHisPlaceUp() {
        Scene at = start("maintenance.pause.hold", "1m");
        send(at, "GET /").reset();
        send(at, "GET /");
        awaitHeld(at, 1);
        clients.get(1).reset();
        awaitHeld(at, 0);
        operator(at, "DELETE");
        assertThat(send(at, "GET /").readResponse().status()).isEqualTo(200);
    }

    @Test
    void streamsOfOneConnectionAreHeldEachForItself() {
        Scene at = start("maintenance.pause.hold", "1m", "maintenance.pause.max-held", "2");
        try (RawHttp2Client client = RawHttp2Client.connect(at.gateway.port())) {
            client.get(1, "/first").get(3, "/second");
            awaitHeld(at, 2);
            assertThat(client.exchange(5, "/third").status()).isEqualTo(503);
            client.reset(1, CANCEL);
            awaitHeld(at, 1);
            client.post(7, "/fourth").data(7, true, "abc".getBytes(StandardCharsets.US_ASCII));
            awaitHeld(at, 2);
            assertThat(at.origin.requests()).isEmpty();
            operator(at, "DELETE");
            assertThat(client.response(3).status()).isEqualTo(200);
            assertThat(client.response(7).status()).isEqualTo(200);
            assertThat(at.origin.requests())
                    .extracting(ReceivedRequest::path)
                    .containsExactlyInAnyOrder("/second", "/fourth");
            assertThat(at.origin.requests())
                    .filteredOn(request -> request.path().equals("/fourth"))
                    .extracting(ReceivedRequest::bodyText)
                    .containsExactly("abc");
            assertThat(client.exchange(9, "/fifth").status()).isEqualTo(200);
        }
    }

    @Test
    void whoIsNotLetInIsToldAtOnceAndWhoIsExemptGoesOn() {
        Scene at = start(
                "maintenance.pause.hold", "1m",
                "maintenance.exempt-clients", "198.51.100.7",
                "client.trusted-proxies", "loopback");
        assertThat(send(at, "GET /blocked").readResponse().status()).isEqualTo(403);
        assertThat(send(at, "GET /", "X-Forwarded-For: 198.51.100.7")
                        .readResponse()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aGatewayThatStopsAnswersWhomItHolds() {
        Scene at = start("maintenance.pause.hold", "1m");
        RawClient held = send(at, "GET /");
        awaitHeld(at, 1);
        at.gateway.close();
        assertThat(held.readResponse().status()).isEqualTo(503);
    }

    private RawClient send(Scene at, String line, String... more) {
        StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nHost: gw.test\r\n");
        for (String one : more) {
            request.append(one).append("\r\n");
        }
        RawClient client =
                at.client().send(more.length > 1 ? request.substring(0, request.length() - 2) : request + "\r\n");
        clients.add(client);
        return client;
    }

    private static void awaitHeld(Scene at, int count) {
        await().atMost(PATIENCE).until(() -> at.gateway.metric("esper_pause_held") == count);
    }

    private static RawResponse operator(Scene at, String method) {
        RawResponse reply = RawClient.exchange(
                at.gateway.adminPort(),
                method + " /pause HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: ada\r\nContent-Length: 0\r\n\r\n");
        assertThat(reply.status()).isEqualTo(200);
        return reply;
    }
}
