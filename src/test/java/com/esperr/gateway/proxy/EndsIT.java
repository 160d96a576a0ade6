package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a visit ends: by either side, in the middle, early, and in good order. */
class EndsIT {

    private static final int LARGE = 64 << 20;

    private final CountDownLatch released = new CountDownLatch(1);
    private Scene scene = Scene.with();

    private void startAgain(String... keysAndValues) {
        scene.close();
        scene = Scene.with(keysAndValues);
    }

    @AfterEach
    void stop() {
        released.countDown();
        scene.close();
    }

    @Test
    void aClientThatClosesItsSendingSideIsAnswered() {
        startAgain("limits.half-close", "10s");
        scene.origin.on("/slow", Behaviours.stallUntil(released, Behaviours.hello()));
        try (RawClient client = scene.client().send(Scene.request("GET /slow")).halfClose()) {
            await().until(() -> scene.origin.requests().size() == 1);
            released.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void everyPipelinedRequestInFrontOfTheEndIsAnswered() {
        String requests = Scene.request("GET /1") + Scene.request("GET /2") + Scene.request("GET /blocked/3");
        try (RawClient client = scene.client().send(requests).halfClose()) {
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /1\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /2\n");
            assertThat(client.readResponse().status()).isEqualTo(403);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void aClientThatSendsNoMoreAndIsOwedAnAnswerTooLongIsTakenForGone() {
        startAgain("limits.half-close", "200ms");
        scene.origin.on("/silent", Behaviours.silent());
        try (RawClient client =
                scene.client().send(Scene.request("GET /silent")).halfClose()) {
            assertThat(client.isClosedByPeer()).isTrue();
        }
        scene.origin.onlyRequest();
        await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
    }

    @Test
    void halfARequestBeforeTheEndIsNobodysRequest() {
        try (RawClient client =
                scene.client().send("GET / HTTP/1.1\r\nHost: gw").halfClose()) {
            assertThat(client.readUntilClose()).isEmpty();
        }
        assertThat(scene.origin.requests()).isEmpty();
    }

    @Test
    void halfARequestBehindAWholeOneEndsWithTheConnection() {
        String requests = Scene.request("GET /1") + Scene.request("POST /2", "Content-Length: 10") + "half";
        try (RawClient client = scene.client().send(requests).halfClose()) {
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /1\n");
            assertThat(client.readUntilClose()).isEmpty();
        }
        await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
        assertThat(scene.origin.requests())
                .filteredOn(request -> request.path().equals("/2"))
                .noneMatch(ReceivedRequest::isComplete);
    }

    @Test
    void halfAHeadBehindAWholeRequestEndsWithTheConnection() {
        try (RawClient client =
                scene.client().send(Scene.request("GET /1") + "GET /2 HT").halfClose()) {
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /1\n");
            assertThat(client.readUntilClose()).isEmpty();
        }
        assertThat(scene.origin.requests()).hasSize(1);
    }

    @Test
    void aClientThatResetsWhileItWaitsEndsTheRequestToTheOrigin() {
        scene.origin.on("/silent", Behaviours.silent());
        RawClient client = scene.client().send(Scene.request("GET /silent"));
        await().until(() -> scene.origin.requests().size() == 1);
        client.reset();
        scene.origin.onlyRequest();
        await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
        assertThat(scene.gateway.metric("esper_upstream_connections{state=\"leased\"}"))
                .isZero();
    }

    @Test
    void aClientThatResetsInsideADownloadEndsIt() {
        scene.origin.on("/large", Behaviours.stream(LARGE));
        RawClient client = scene.client().send(Scene.request("GET /large"));
        client.readHead();
        client.reset();
        scene.origin.onlyRequest();
        await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
    }

    @Test
    void aClientThatResetsInsideAnUploadEndsIt() {
        RawClient client = scene.client().send(Scene.request("POST /upload", "Content-Length: 100") + "half");
        await().until(() -> scene.origin.requests().size() == 1);
        client.reset();
        assertThat(scene.origin.onlyRequest().isComplete()).isFalse();
        await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
    }

    @Test
    void aRefusedUploadIsToldSoWhileItIsStillSent() {
        try (RawClient client = scene.client().send(Scene.request("POST /blocked", "Content-Length: " + LARGE))) {
            Thread sender = new Thread(() -> client.trySend(new byte[LARGE]));
            sender.start();
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(scene.origin.requests()).isEmpty();
    }

    @Test
    void aMalformedRequestIsToldSoWhileMoreIsStillSent() {
        try (RawClient client = scene.client().send("GET / HTTP/1.1\r\nHost : gw\r\n\r\n")) {
            Thread sender = new Thread(() -> client.trySend(new byte[LARGE]));
            sender.start();
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void aSmallBodyOfARefusedRequestIsReadAwayAndTheConnectionGoesOn() {
        try (RawClient client = scene.client()) {
            client.send(Scene.request("POST /blocked", "Content-Length: 60000"));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.headers().has("connection")).isFalse();
            client.sendPattern(60_000).send(Scene.request("GET /next"));
            assertThat(client.readResponse().bodyText()).isEqualTo("GET /next\n");
        }
    }

    @Test
    void aRefusedClientThatLeavesItsBodyAwayKeepsItsAnswer() {
        startAgain("limits.body-timeout", "200ms");
        try (RawClient client = scene.client()) {
            client.send(Scene.request("POST /blocked", "Transfer-Encoding: chunked"));
            await().until(() -> scene.gateway.metric("esper_client_connections") == 0);
            assertThat(client.readResponse().status()).isEqualTo(403);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(scene.gateway.failures(FailureReason.REQUEST_TIMEOUT)).isZero();
    }

    @Test
    void aRefusedClientWhoseBodyIsBrokenKeepsItsAnswer() {
        try (RawClient client = scene.client()) {
            client.send(Scene.request("POST /blocked", "Transfer-Encoding: chunked") + "not a size\r\n");
            assertThat(client.readResponse().status()).isEqualTo(403);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void theOriginsFinalAnswerInPlaceOf100ReachesTheClientThatWaits() {
        scene.origin.on("/early", Behaviours.earlyFinal(401, "who?"));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("PUT /early", "Expect: 100-continue", "Content-Length: 5"));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.interim()).isEmpty();
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void aRefusalInPlaceOf100EndsTheConnection() {
        try (RawClient client = scene.client()) {
            client.send(Scene.request("PUT /blocked", "Expect: 100-continue", "Content-Length: 5"));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.interim()).isEmpty();
            assertThat(response.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void anOriginThatKnowsNo100DoesNotMakeAnyoneWait() {
        scene.origin.on("/late", exchange -> exchange.readBody().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("PUT /late", "Expect: 100-continue", "Content-Length: 5"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("hello").readResponse().status()).isEqualTo(200);
        }
        assertThat(scene.origin.onlyRequest().bodyText()).isEqualTo("hello");
    }

    @Test
    void interimAnswersAreRelayedInOrder() {
        scene.origin.on(
                "/hints",
                Behaviours.interim(
                        List.of("103 Early Hints\r\nLink: </a.css>", "103 Early Hints\r\nLink: </b.css>"),
                        Behaviours.hello()));
        RawResponse response = scene.ask("GET /hints");
        assertThat(response.interim()).hasSize(2);
        assertThat(response.interim().get(0)).startsWith("HTTP/1.1 103 ").contains("Link: </a.css>");
        assertThat(response.interim().get(1)).contains("Link: </b.css>");
        assertThat(response.status()).isEqualTo(200);
    }
}
