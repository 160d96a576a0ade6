package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client connection after the other, and what they share: order, kept connections, and nobody reads faster than the other takes. */
class ProxyIT {

    private static final long MIB = 1 << 20;

    private Scene scene = Scene.with();

    @AfterEach
    void stop() {
        scene.close();
    }

    private void startAgain(String... keysAndValues) {
        scene.close();
        scene = Scene.with(keysAndValues);
    }

    @Test
    void requestsOfOneClientUseOneConnectionToTheOrigin() {
        try (RawClient client = scene.client()) {
            for (int i = 0; i < 50; i++) {
                assertThat(client.send(Scene.request("GET /" + i))
                                .readResponse()
                                .bodyText())
                        .isEqualTo("GET /" + i + "\n");
            }
        }
        assertThat(scene.origin.requests().stream()
                        .map(ReceivedRequest::connectionId)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void clientsThatComeOneAfterTheOtherShareAConnectionToTheOrigin() {
        for (int i = 0; i < 10; i++) {
            assertThat(scene.ask("GET /" + i).status()).isEqualTo(200);
            await().until(() -> scene.gateway.metric("esper_upstream_connections{state=\"idle\"}") == 1);
        }
        assertThat(scene.origin.requests().stream()
                        .map(ReceivedRequest::connectionId)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void pipelinedRequestsWithMixedDecisionsAreAnsweredInOrder() {
        List<String> targets = IntStream.range(0, 20)
                .mapToObj(i -> List.of("/page/", "/blocked/", "/challenged/", "/upload/")
                                .get(i % 4)
                        + i)
                .toList();
        StringBuilder requests = new StringBuilder();
        for (String target : targets) {
            boolean get = target.startsWith("/page/") || target.endsWith("2");
            requests.append(
                    get
                            ? Scene.request("GET " + target)
                            : Scene.request("POST " + target, "Content-Length: 7") + "a body.");
        }
        try (RawClient client = scene.client().send(requests.toString())) {
            for (String target : targets) {
                RawResponse response = client.readResponse();
                if (target.startsWith("/page/") || target.startsWith("/upload/")) {
                    assertThat(response.bodyText()).endsWith(" " + target + "\n");
                } else {
                    assertThat(response.status()).as(target).isEqualTo(403);
                    assertThat(response.header("esper-mitigated"))
                            .isEqualTo(target.startsWith("/blocked/") ? "block" : "challenge");
                }
            }
        }
        assertThat(scene.origin.awaitRequests(10)).hasSize(10);
        assertThat(scene.origin.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    void anIdempotentRequestIsRepeatedOnceWhenItsKeptConnectionDies(String method) {
        dieOnTheSecondRequestOfAConnection();
        try (RawClient client = scene.client()) {
            assertThat(client.send(Scene.request("GET /first")).readResponse().status())
                    .isEqualTo(200);
            RawResponse response =
                    client.send(Scene.request(method + " /second")).readResponse(method);
            assertThat(response.status()).isEqualTo(200);
        }
        assertThat(scene.origin.requests())
                .extracting(ReceivedRequest::path)
                .containsExactly("/first", "/second", "/second");
        await().untilAsserted(() ->
                assertThat(scene.gateway.metric("esper_upstream_retries_total")).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /second\nContent-Length: 0", "PATCH /second", "PUT /second\nContent-Length: 2"})
    void whatMayHaveHappenedIsNotRepeated(String request) {
        dieOnTheSecondRequestOfAConnection();
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /first")).readResponse();
            client.send(Scene.request(request.split("\n"))).send(request.endsWith("2") ? "ok" : "");
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
        assertThat(scene.origin.requests()).hasSize(2);
        await().until(() -> scene.gateway.failures(FailureReason.ORIGIN_CLOSED) == 1);
        assertThat(scene.gateway.metric("esper_upstream_retries_total")).isZero();
    }

    @Test
    void aRequestWhoseAnswerBeganIsNotRepeated() {
        scene.origin.on("/second", Behaviours.verbatimThenClose("HTTP/1.1 2"));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /first")).readResponse();
            assertThat(client.send(Scene.request("GET /second")).readResponse().status())
                    .isEqualTo(502);
        }
        assertThat(scene.origin.requests()).hasSize(2);
    }

    @Test
    void aRequestThatDiesOnAFreshConnectionIsNotRepeated() {
        scene.origin.otherwise(Behaviours.closeWithoutReply());
        assertThat(scene.ask("GET /").status()).isEqualTo(502);
        assertThat(scene.origin.requests()).hasSize(1);
    }

    private void dieOnTheSecondRequestOfAConnection() {
        scene.origin.otherwise(exchange -> {
            if (exchange.request().indexOnConnection() > 0) {
                exchange.close();
            } else {
                Behaviours.hello().respond(exchange);
            }
        });
    }

    @Test
    void theOriginIsReadAsFastAsTheClientReads() {
        long size = 64 * MIB;
        AtomicLong sent = new AtomicLong();
        scene.origin.on("/large", exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            for (long at = 0; at < size; at += MIB) {
                Pattern.writeTo(exchange.out(), MIB);
                sent.addAndGet(MIB);
            }
        });
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /large"));
            await().during(Duration.ofMillis(500)).until(() -> sent.get() < size / 2);
            assertThat(client.readResponse().bodyLength()).isEqualTo(size);
        }
    }

    @Test
    void theClientIsReadAsFastAsTheOriginReads() {
        long size = 64 * MIB;
        CountDownLatch reads = new CountDownLatch(1);
        scene.origin.on("/large", Behaviours.stallUntil(reads, Behaviours.hello()));
        AtomicLong sent = new AtomicLong();
        try (RawClient client = scene.client()) {
            client.send(Scene.request("POST /large", "Content-Length: " + size));
            Thread sender = new Thread(() -> {
                for (long at = 0; at < size; at += MIB) {
                    client.sendPattern(MIB);
                    sent.addAndGet(MIB);
                }
            });
            sender.start();
            await().during(Duration.ofMillis(500)).until(() -> sent.get() < size / 2);
            reads.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(scene.origin.onlyRequest().bodyLength()).isEqualTo(size);
    }

    @Test
    void aClientThatStopsReadingIsGivenUpAfterTheIdleTimeout() {
        startAgain("limits.idle-timeout", "200ms");
        scene.origin.on("/large", Behaviours.stream(64 * MIB));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /large"));
            await().until(() -> scene.gateway.failures(FailureReason.CLIENT_ABORTED) == 1);
            scene.origin.onlyRequest();
        }
    }

    @Test
    void anHttp10ClientGetsAChunkedBodyUntilTheClose() {
        scene.origin.on("/chunked", Behaviours.chunked("one ", "two"));
        try (RawClient client = scene.client().send("GET /chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")) {
            RawResponse response = client.readResponse();
            assertThat(response.headers().has("transfer-encoding")).isFalse();
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(response.bodyText()).isEqualTo("one two");
        }
    }

    @Test
    void anHttp10ClientThatAsksToStayIsToldThatItMay() {
        String request = "GET /kept HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        try (RawClient client = scene.client()) {
            assertThat(client.send(request).readResponse().header("connection")).isEqualTo("keep-alive");
            assertThat(client.send(request).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void answersWithoutBodyLeaveTheConnectionInStep() {
        scene.origin.on("/204", Behaviours.respond(204, ""));
        scene.origin.on("/304", Behaviours.respond(304, "", "ETag: \"x\""));
        scene.origin.on("/head", Behaviours.respond(200, "twelve bytes"));
        try (RawClient client = scene.client()) {
            assertThat(client.send(Scene.request("GET /204")).readResponse().status())
                    .isEqualTo(204);
            assertThat(client.send(Scene.request("GET /304")).readResponse().header("etag"))
                    .isEqualTo("\"x\"");
            RawResponse head = client.send(Scene.request("HEAD /head")).readResponse("HEAD");
            assertThat(head.header("content-length")).isEqualTo("12");
            assertThat(client.send(Scene.request("GET /next")).readResponse().bodyText())
                    .isEqualTo("GET /next\n");
        }
    }
}
