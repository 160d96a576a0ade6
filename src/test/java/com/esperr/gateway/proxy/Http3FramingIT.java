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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
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
        check(framing, (client, call) -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            frames(framing).forEach(bytes::writeBytes);
            call.last(bytes.toByteArray());
        });
    }

    /** Nobody can tell yet what the next frame is when the ones before it have been dealt with. */
    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestThatComesFrameByFrameMeetsItsOutcome(Http2FramingCase framing) {
        check(framing, (client, call) -> {
            List<byte[]> frames = frames(framing);
            if (frames.size() == 1 && framing.outcome() instanceof Forwarded) {
                // A head whose end comes later is one whose body is unknown, and is forwarded as such.
                call.last(frames.get(0));
                return;
            }
            for (byte[] frame : frames) {
                call.raw(frame);
                // What is sent later on another stream of this connection comes later.
                assertThat(client.exchange("/sentinel").status()).isEqualTo(200);
            }
            call.finish();
        });
    }

    private static void check(Http2FramingCase framing, BiConsumer<RawHttp3Client, Http3Call> sending) {
        try (RawHttp3Client client = scene.client()) {
            // The connection to the origin is there from then on: what is sent there arrives.
            assertThat(client.exchange("/sentinel").status()).isEqualTo(200);
            Http3Call call = client.open();
            sending.accept(client, call);
            Http2Response response = call.response();
            if (framing.outcome() instanceof Forwarded expected) {
                assertThat(response.status()).isEqualTo(200);
                compare(expected, others().get(0));
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

    private static List<byte[]> frames(Http2FramingCase framing) {
        List<byte[]> frames = new ArrayList<>();
        frames.add(section(framing.head()));
        framing.data().forEach(data -> frames.add(RawHttp3Client.frame(RawHttp3Client.DATA, data)));
        if (!framing.trailers().isEmpty()) {
            frames.add(section(framing.trailers()));
        }
        return frames;
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
        List<ReceivedRequest> others = others();
        if (framing.outcome() instanceof Forwarded) {
            assertThat(others).hasSize(1);
        } else if (framing.outcome() instanceof Cut) {
            assertThat(others).hasSizeLessThanOrEqualTo(1).noneMatch(ReceivedRequest::isComplete);
        } else {
            assertThat(others).isEmpty();
        }
        assertThat(scene.origin.violations()).isEmpty();
    }

    private static List<ReceivedRequest> others() {
        return scene.origin.requests().stream()
                .map(ReceivedRequest::awaitFinished)
                .filter(request -> !request.target().equals("/sentinel"))
                .toList();
    }
}
