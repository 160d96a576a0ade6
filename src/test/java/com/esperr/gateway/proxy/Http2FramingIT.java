package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.ExpectedHeader;
import com.esperr.gateway.testkit.FramingCase.Answered;
import com.esperr.gateway.testkit.FramingCase.Cut;
import com.esperr.gateway.testkit.FramingCase.Forwarded;
import com.esperr.gateway.testkit.Http2FramingCase;
import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of requests of HTTP/2 against the whole gateway and a strict origin of HTTP/1.1: what is forwarded is compared where it
 * arrives, and nothing that RFC 9113 forbids, or that would mean something else there, arrives whole.
 */
class Http2FramingIT {
    private static final int MOST = 16_384;

    private static Scene scene;

    @BeforeAll
    static void open() {
        scene = Scene.with();
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
        return Http2FramingCase.all();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestMeetsItsOutcome(Http2FramingCase framing) {
        check(framing, client -> client.sendRaw(concat(frames(framing))));
    }

    /** Nobody can tell yet what the next frame is when the ones before it have been dealt with. */
    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestThatComesFrameByFrameMeetsItsOutcome(Http2FramingCase framing) {
        check(framing, client -> {
            for (byte[] frame : frames(framing)) {
                client.sendRaw(frame).send(RawHttp2Client.PING, 0, 0, new byte[8]);
                client.await(next -> next.type() == RawHttp2Client.PING && next.has(RawHttp2Client.ACK));
            }
        });
    }

    private static void check(Http2FramingCase framing, Consumer<RawHttp2Client> sending) {
        try (RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port())) {
            // The connection to the origin is there from then on: what is sent there arrives.
            assertThat(client.exchange(1, "/sentinel").status()).isEqualTo(200);
            sending.accept(client);
            Http2Response response = client.response(3);
            if (framing.outcome() instanceof Forwarded expected) {
                assertThat(response.status()).isEqualTo(200);
                compare(expected, scene.origin.awaitRequests(2).get(1));
            } else if (framing.outcome() instanceof Answered expected) {
                assertThat(response.status()).isIn(expected.statuses());
            } else if (framing.outcome() instanceof Cut expected && response.status() != 0) {
                assertThat(response.status()).isIn(expected.statuses());
            }
            // The connection is none the worse for it, and what comes through now has overtaken whatever should never
            // have come.
            assertThat(client.exchange(5, "/sentinel").status()).isEqualTo(200);
        }
        checkNothingElseArrived(framing);
    }

    /** What is sent, each header list in as many frames as it needs. */
    private static List<byte[]> frames(Http2FramingCase framing) {
        List<byte[]> frames = new ArrayList<>();
        int rest = framing.data().size() + (framing.trailers().isEmpty() ? 0 : 1);
        frames.add(block(framing.head(), rest == 0));
        for (byte[] data : framing.data()) {
            rest--;
            frames.add(RawHttp2Client.frame(RawHttp2Client.DATA, rest == 0 ? RawHttp2Client.END_STREAM : 0, 3, data));
        }
        if (!framing.trailers().isEmpty()) {
            frames.add(block(framing.trailers(), true));
        }
        return frames;
    }

    private static byte[] block(List<String> fields, boolean last) {
        byte[] block = RawHttp2Client.block(fields.toArray(String[]::new));
        List<byte[]> frames = new ArrayList<>();
        int type = RawHttp2Client.HEADERS;
        int flags = last ? RawHttp2Client.END_STREAM : 0;
        for (int at = 0; at < block.length; at += MOST) {
            boolean whole = at + MOST >= block.length;
            byte[] piece = Arrays.copyOfRange(block, at, Math.min(block.length, at + MOST));
            frames.add(RawHttp2Client.frame(type, flags | (whole ? RawHttp2Client.END_HEADERS : 0), 3, piece));
            type = RawHttp2Client.CONTINUATION;
            flags = 0;
        }
        return concat(frames);
    }

    private static byte[] concat(List<byte[]> pieces) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.forEach(whole::writeBytes);
        return whole.toByteArray();
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
