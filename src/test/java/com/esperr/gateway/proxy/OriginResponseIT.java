package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.ExpectedHeader;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.ResponseCase;
import com.esperr.gateway.testkit.ResponseCase.Next;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.Wire;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of raw responses against the whole gateway: what an origin sends too much, too little or wrong never becomes an answer that
 * looks whole, and never reaches another client.
 */
class OriginResponseIT {

    private static final String AFTER = "GET /after HTTP/1.1\r\nHost: gw.test\r\n\r\n";

    private static TestOrigin origin;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        // One event loop has one pool, so that it is certain which connection comes next.
        gateway = TestGateway.start(Map.of("origin.url", origin.url(), "runtime.event-loops", "1"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    static List<ResponseCase> responses() {
        return ResponseCase.all();
    }

    @ParameterizedTest
    @MethodSource("responses")
    void everyResponseMeetsItsOutcome(ResponseCase response) {
        String bytes = Wire.text(response.bytes());
        origin.on("/case", response.close() ? Behaviours.verbatimThenClose(bytes) : Behaviours.verbatim(bytes));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(response.method() + " /case " + response.version() + "\r\nHost: gw.test\r\n\r\n");
            switch (response.outcome()) {
                case RELAYED -> checkRelayed(response, client.readResponse(response.method()));
                case FAILED -> checkFailed(response.status(), client.readResponse(response.method()));
                case BROKEN -> checkBroken(client, response);
            }
        }
        checkTheNextClient(response);
    }

    @Test
    void bytesOnAnIdleConnectionCloseItAndReachNobody() {
        CountDownLatch idle = new CountDownLatch(1);
        origin.on(
                "/late",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                        .hold(idle)
                        .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
        origin.dropConnections();
        await().until(() -> origin.connectionsOpen() == 0);
        assertThat(RawClient.exchange(gateway.port(), "GET /late HTTP/1.1\r\nHost: gw.test\r\n\r\n")
                        .bodyText())
                .isEqualTo("ok");
        idle.countDown();
        await().until(() -> origin.connectionsOpen() == 0);
        assertThat(RawClient.exchange(gateway.port(), AFTER).bodyText()).isEqualTo("GET /after\n");
    }

    @Test
    void anEarlyAnswerReachesTheClientWhileItsBodyStillFlows() {
        origin.on("/early", Behaviours.earlyFinal(403, "no"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /early HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 1000000\r\n\r\n0123456789");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.bodyText()).isEqualTo("no");
        }
        assertThat(RawClient.exchange(gateway.port(), AFTER).bodyText()).isEqualTo("GET /after\n");
    }

    @Test
    void anEarlyAnswerAndACloseReachTheClientWhileItsBodyStillFlows() {
        origin.on("/early", Behaviours.earlyFinalThenClose(413, "too much"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /early HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 1000000\r\n\r\n0123456789");
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
        assertThat(RawClient.exchange(gateway.port(), AFTER).bodyText()).isEqualTo("GET /after\n");
    }

    @Test
    void aConnectionThatDiedWhileIdleCostsNobodyAnAnswer() {
        assertThat(RawClient.exchange(gateway.port(), AFTER).status()).isEqualTo(200);
        origin.dropConnections();
        assertThat(RawClient.exchange(gateway.port(), AFTER).status()).isEqualTo(200);
    }

    @Test
    void aResetInTheMiddleOfABodyDoesNotLookLikeItsEnd() {
        CountDownLatch seen = new CountDownLatch(1);
        origin.on("/reset", Behaviours.resetMidBody(1000, 10, seen));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("GET /reset HTTP/1.1\r\nHost: gw.test\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.readBytes(10);
            seen.countDown();
            assertThat(client.readUntilClose()).isEmpty();
        }
    }

    private static void checkRelayed(ResponseCase response, RawResponse actual) {
        ResponseCase.Relayed expected = response.relayed();
        assertThat(actual.status()).as("status of %s", actual).isEqualTo(response.status());
        assertThat(actual.bodyText()).isEqualTo(expected.body());
        compare(expected.headers(), actual.headers());
        compare(expected.trailers(), actual.trailers());
        List<Integer> interim = expected.interim();
        if (interim != null) {
            assertThat(actual.interim())
                    .extracting(head -> Integer.valueOf(head.substring(9, 12)))
                    .isEqualTo(interim);
        }
    }

    private static void checkFailed(int status, RawResponse actual) {
        assertThat(actual.status()).as("status of %s", actual).isEqualTo(status);
        assertThat(actual.toString()).doesNotContain("evil");
    }

    /** Either the gateway noticed in time and says 502, or the client sees that something is missing. */
    private static void checkBroken(RawClient client, ResponseCase response) {
        RawResponse[] whole = new RawResponse[1];
        AssertionError cut =
                catchThrowableOfType(AssertionError.class, () -> whole[0] = client.readResponse(response.method()));
        if (cut == null) {
            checkFailed(502, Objects.requireNonNull(whole[0]));
        } else {
            assertThat(cut).hasMessageMatching("(?s).*(closed|reset).*").hasMessageNotContaining("evil");
        }
    }

    private static void checkTheNextClient(ResponseCase response) {
        RawResponse own = RawClient.exchange(gateway.port(), AFTER);
        assertThat(own.bodyText()).isEqualTo("GET /after\n");
        assertThat(own.interim()).isEmpty();
        List<ReceivedRequest> all = origin.awaitRequests(2);
        int before = all.get(all.size() - 2).connectionId();
        int after = all.get(all.size() - 1).connectionId();
        if (response.next() == Next.FRESH) {
            assertThat(after).as("connection of the next request").isNotEqualTo(before);
        } else if (response.next() == Next.REUSED) {
            assertThat(after).as("connection of the next request").isEqualTo(before);
        } else if (response.next() == Next.RESTED) {
            await().atMost(Patience.LIMIT).until(() -> connectionOfTheNext() == before);
        }
    }

    private static int connectionOfTheNext() {
        int known = origin.requests().size();
        RawClient.exchange(gateway.port(), AFTER);
        List<ReceivedRequest> all = origin.awaitRequests(known + 1);
        return all.get(all.size() - 1).connectionId();
    }

    private static void compare(List<ExpectedHeader> expected, RawHeaders actual) {
        for (ExpectedHeader header : expected) {
            assertThat(header.problemIn(actual)).isEmpty();
        }
    }
}
