package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.ExpectedHeader;
import com.esperr.gateway.testkit.FramingCase.Answered;
import com.esperr.gateway.testkit.FramingCase.Cut;
import com.esperr.gateway.testkit.FramingCase.Forwarded;
import com.esperr.gateway.testkit.Http2FramingCase;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.Http3Call;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of requests of HTTP/3 against the whole gateway and a strict origin of HTTP/1.1: what is forwarded is compared where it
 * arrives, and nothing that RFC 9114 forbids, or that would mean something else there, arrives whole.
 */
class Http3FramingIT {
    private static Http3Scene scene;

    @BeforeAll
    static void open() {
        scene = Http3Scene.with();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    /** What a case left half sent must not arrive during the next one. */
    @BeforeEach
    void forget() {
        scene.origin.dropConnections();
        await().pollInterval(Duration.ofMillis(2)).until(() -> scene.origin.connectionsOpen() == 0);
        scene.origin.forget();
    }

    static List<Http2FramingCase> requests() {
        return Http2FramingCase.http3();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestMeetsItsOutcome(Http2FramingCase framing) {
        try (RawHttp3Client client = scene.client()) {
            Http3Call call = client.open();
            call.last(bytes(framing));
            Http2Response response = call.response();
            if (framing.outcome() instanceof Forwarded expected) {
                assertThat(response.status()).isEqualTo(200);
                compare(expected, scene.origin.awaitRequests(1).get(0));
            } else if (framing.outcome() instanceof Answered expected) {
                checkAnswered(response, expected.statuses());
            } else if (framing.outcome() instanceof Cut expected && response.status() != 0) {
                assertThat(response.status()).isIn(expected.statuses());
            }
            // The connection is none the worse for it, and what comes through now has overtaken whatever should never
            // have come.
            assertThat(client.exchange("/sentinel").status()).isEqualTo(200);
        }
        checkNothingElseArrived(framing);
    }

    private static void checkAnswered(Http2Response response, Set<Integer> statuses) {
        if (response.status() == 0 && statuses.contains(400)) {
            assertThat(response.reset()).isEqualTo(RawHttp3Client.MESSAGE_ERROR);
        } else {
            assertThat(response.status()).isIn(statuses);
        }
    }

    private static byte[] bytes(Http2FramingCase framing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(section(framing.head()));
        framing.data().forEach(data -> bytes.writeBytes(RawHttp3Client.frame(RawHttp3Client.DATA, data)));
        if (!framing.trailers().isEmpty()) {
            bytes.writeBytes(section(framing.trailers()));
        }
        return bytes.toByteArray();
    }

    private static byte[] section(List<String> fields) {
        return RawHttp3Client.frame(RawHttp3Client.HEADERS, RawHttp3Client.section(fields.toArray(String[]::new)));
    }

    private static void compare(Forwarded expected, ReceivedRequest actual) {
        assertThat(actual.method()).isEqualTo(expected.method());
        assertThat(actual.target()).isEqualTo(expected.target());
        assertThat(actual.version()).isEqualTo("HTTP/1.1");
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

    private static void checkNothingElseArrived(Http2FramingCase framing) {
        List<ReceivedRequest> others = scene.origin.requests().stream()
                .map(ReceivedRequest::awaitFinished)
                .filter(request -> !request.target().equals("/sentinel"))
                .toList();
        if (framing.outcome() instanceof Forwarded) {
            assertThat(others).hasSize(1);
        } else if (framing.outcome() instanceof Cut) {
            assertThat(others).hasSizeLessThanOrEqualTo(1).noneMatch(ReceivedRequest::isComplete);
        } else {
            assertThat(others).isEmpty();
        }
        assertThat(scene.origin.violations()).isEmpty();
    }
}
