package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However much a client sends at once: one turn of the event loop does a bounded part of it, and then others have theirs. */
class TurnsTest {
    /** What one turn begins of requests, at most. */
    private static final int REQUESTS = 16;

    private final Unanswered asked = new Unanswered();
    private final LoneConnection at = LoneConnection.with(asked);

    @AfterEach
    void stop() {
        at.close();
    }

    @Test
    void streamsThatAreOpenedAtOnceBeginInSeveralTurns() {
        at.multiplexed().receivesInTurn(preface());
        at.receivesInTurn(gets(90, -1));
        assertThat(asked.count).isBetween(1, REQUESTS);
        assertThat(at.channel.config().isAutoRead()).as("reading goes on").isFalse();
        for (int before = asked.count; asked.count < 90; before = asked.count) {
            at.turns();
            assertThat(asked.count - before).isBetween(1, REQUESTS);
        }
        assertThat(at.channel.config().isAutoRead()).as("reading goes on").isTrue();
    }

    @Test
    void requestsThatAreTakenBackInTheirTurnAskNobody() {
        at.multiplexed().receivesInTurn(preface());
        at.receivesInTurn(gets(90, RawHttp2Client.RST_STREAM));
        allTurns();
        // The cut may be between a request and its end.
        assertThat(asked.count).isLessThanOrEqualTo(90 / 5);
        assertThat(at.records).hasSize(90);
        assertThat(at.connections.requestsOpen()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flood.class,
            names = {"MADE_YOU_RESET", "REFUSED_STREAM", "HEADER_LIST"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFloodIsSeenBeforeAnyOfWhatCameWithItIsDone(Flood kind) {
        at.multiplexed().receivesInTurn(preface());
        at.receivesInTurn(Http2Floods.of(kind));
        assertThat(at.http2.floods(kind)).isEqualTo(1);
        assertThat(asked.count).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flood.class,
            names = {"MADE_YOU_RESET", "HEADER_LIST"})
    void aFloodThatIsSeenInDecodingEndsWithItsTurn(Flood kind) {
        at.multiplexed().receivesInTurn(preface());
        at.receivesInTurn(Http2Floods.of(kind));
        assertThat(asked.count).isLessThanOrEqualTo(REQUESTS);
        allTurns();
        assertThat(at.http2.floods(kind)).isEqualTo(1);
        assertThat(at.connections.requestsOpen()).isZero();
    }

    @Test
    void whatWaitsWhenTheClientLeavesIsFreed() {
        at.multiplexed().receivesInTurn(preface());
        at.receivesInTurn(gets(90, -1));
        at.channel.close();
        allTurns();
        assertThat(asked.count).isLessThanOrEqualTo(REQUESTS);
        assertThat(at.connections.requestsOpen()).isZero();
    }

    @Test
    void pipelinedRequestsThatAreAnsweredHereAreAnsweredInSeveralTurns() {
        byte[] requests = "OPTIONS / HTTP/1.1\r\nHost: gw.test\r\nMax-Forwards: 0\r\n\r\n"
                .repeat(100)
                .getBytes(StandardCharsets.ISO_8859_1);
        at.receivesInTurn(requests);
        assertThat(at.records).hasSizeBetween(1, REQUESTS);
        assertThat(at.channel.config().isAutoRead()).as("reading goes on").isFalse();
        for (int before = at.records.size(); at.records.size() < 100; before = at.records.size()) {
            at.turns();
            assertThat(at.records.size() - before).isBetween(1, REQUESTS);
        }
        assertThat(at.channel.config().isAutoRead()).as("reading goes on").isTrue();
    }

    private void allTurns() {
        for (int i = 0; i < 1_000 && at.turns(); i++) {
            at.sent();
        }
    }

    private static byte[] preface() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0));
        return bytes.toByteArray();
    }

    /** So many requests, each with a frame of that type behind it, or none. */
    private static byte[] gets(int count, int type) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[] block = RawHttp2Client.block(":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/");
        int whole = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
        for (int i = 0; i < count; i++) {
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, whole, 2 * i + 1, block));
            if (type >= 0) {
                frames.writeBytes(RawHttp2Client.frame(type, 0, 2 * i + 1, RawHttp2Client.number(8)));
            }
        }
        return frames.toByteArray();
    }
}
