package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.ExpectedHeader;
import com.esperr.gateway.testkit.FramingCase;
import com.esperr.gateway.testkit.FramingCase.Answered;
import com.esperr.gateway.testkit.FramingCase.Closed;
import com.esperr.gateway.testkit.FramingCase.Cut;
import com.esperr.gateway.testkit.FramingCase.Forwarded;
import com.esperr.gateway.testkit.FramingCase.Outcome;
import com.esperr.gateway.testkit.FramingCase.Refused;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of raw requests against the whole gateway and a strict origin: accepted ones are compared byte for byte where they arrive,
 * refused ones never arrive.
 */
class FramingIT {

    private static final String SECRET = "s3cr3t";

    private static TestOrigin origin;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        // What begins with HTTP/2 is another table.
        gateway = TestGateway.start(Map.of("origin.url", origin.url(), "listen.http2.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        origin.close();
    }

    /** What a case left half sent must not arrive during the next one. */
    @BeforeEach
    void forget() {
        origin.dropConnections();
        await().pollInterval(Duration.ofMillis(2)).until(() -> origin.connectionsOpen() == 0);
        origin.forget();
    }

    static List<FramingCase> requests() {
        return FramingCase.all();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestMeetsItsOutcome(FramingCase framing) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            // A request that is refused early may be cut off while it is still being sent.
            client.trySend(framing.bytes());
            if (framing.halfClose()) {
                client.halfClose();
            }
            int forwarded = 0;
            for (Outcome outcome : framing.outcomes()) {
                check(outcome, client, forwarded);
                forwarded += outcome instanceof Forwarded ? 1 : 0;
            }
            checkNothingElseArrived(framing, forwarded);
        }
    }

    @Test
    void twentyPipelinedRequestsAreAnsweredInOrder() {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 2\r\n\r\nok");
        }
        try (RawClient client = RawClient.connect(gateway.port()).send(requests.toString())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.readResponse().bodyText()).isEqualTo("POST /" + i + "\n");
            }
        }
    }

    @Test
    void aRequestThatComesByteByByteIsTheSameRequest() {
        String request =
                "POST /slow HTTP/1.1\r\nHost: gw.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (char c : request.toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(origin.onlyRequest().bodyText()).isEqualTo("abc");
    }

    @Test
    void aClientThatWaitsFor100GetsItBeforeItSendsItsBody() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send("POST /e HTTP/1.1\r\nHost: gw.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send("hello").readResponse().status()).isEqualTo(200);
        }
        assertThat(origin.onlyRequest().bodyText()).isEqualTo("hello");
    }

    private static void check(Outcome outcome, RawClient client, int forwarded) {
        if (outcome instanceof Forwarded expected) {
            RawResponse response = client.readResponse(expected.method());
            assertThat(response.status()).as("status of %s", response).isEqualTo(200);
            compare(expected, origin.awaitRequests(forwarded + 1).get(forwarded));
        } else if (outcome instanceof Answered expected) {
            checkOwnAnswer(client.readResponse(), expected.statuses());
        } else if (outcome instanceof Refused expected) {
            RawResponse response = client.readResponse();
            checkOwnAnswer(response, expected.statuses());
            assertThat(response.headers().lists("connection", "close"))
                    .as("Connection: close")
                    .isTrue();
            assertThat(client.readUntilClose()).as("bytes behind the refusal").isEmpty();
        } else if (outcome instanceof Cut expected) {
            checkCut(client.readUntilClose(), expected.statuses());
        } else if (outcome instanceof Closed) {
            assertThat(client.readUntilClose()).as("bytes before the close").isEmpty();
        }
    }

    private static void compare(Forwarded expected, ReceivedRequest actual) {
        assertThat(actual.method()).isEqualTo(expected.method());
        assertThat(actual.target()).isEqualTo(expected.target());
        assertThat(actual.isComplete()).as("body is complete").isTrue();
        assertThat(actual.bodyText()).isEqualTo(expected.body());
        assertThat(actual.problems()).isEmpty();
        compare(expected.headers(), actual.headers());
        compare(expected.trailers(), actual.trailers());
    }

    private static void compare(List<ExpectedHeader> expected, RawHeaders actual) {
        for (ExpectedHeader header : expected) {
            assertThat(header.problemIn(actual)).isEmpty();
        }
    }

    private static void checkOwnAnswer(RawResponse response, Set<Integer> statuses) {
        assertThat(response.status()).as("status of %s", response).isIn(statuses);
        assertThat(response.toString()).doesNotContain(SECRET);
    }

    /** No answer, or one whole answer of the gateway's own and nothing behind it. */
    private static void checkCut(String answer, Set<Integer> statuses) {
        if (!answer.isEmpty()) {
            assertThat(statuses).as("answer: %s", answer).anyMatch(status -> answer.startsWith("HTTP/1.1 " + status));
            assertThat(answer.indexOf("HTTP/1.1 ", 1))
                    .as("a second answer in %s", answer)
                    .isNegative();
        }
    }

    private static void checkNothingElseArrived(FramingCase framing, int forwarded) {
        // What comes through afterwards has overtaken whatever should never have come.
        assertThat(RawClient.exchange(gateway.port(), "GET /sentinel HTTP/1.1\r\nHost: gw.test\r\n\r\n")
                        .status())
                .isEqualTo(200);
        List<ReceivedRequest> rest = origin.requests().stream()
                .skip(forwarded)
                .map(ReceivedRequest::awaitFinished)
                .filter(request -> !request.target().equals("/sentinel"))
                .toList();
        if (framing.outcomes().stream().anyMatch(Cut.class::isInstance)) {
            assertThat(rest).hasSizeLessThanOrEqualTo(1).noneMatch(ReceivedRequest::isComplete);
        } else {
            assertThat(rest).isEmpty();
        }
        assertThat(origin.violations()).isEmpty();
    }
}
