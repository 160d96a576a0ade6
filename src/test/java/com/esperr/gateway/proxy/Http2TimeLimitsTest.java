package com.esperr.gateway.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client of HTTP/2 that does not go on is waited for exactly as long as the limits say, whatever it has not ended. */
class Http2TimeLimitsTest {
    private static final String HEAD = "head not complete within limits.header-timeout";
    private static final String FRAME = "no byte of a frame within limits.body-timeout";

    private final Unanswered asked = new Unanswered();
    private final LoneConnection at = LoneConnection.with(asked);

    @BeforeEach
    void begin() {
        ByteArrayOutputStream preface = new ByteArrayOutputStream();
        preface.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        preface.writeBytes(RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0));
        at.multiplexed().receivesInTurn(preface.toByteArray()).sent();
    }

    @AfterEach
    void stop() {
        at.close();
    }

    @Test
    void aHeadThatStopsIsWaitedForAsLongAsAnyHead() {
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.HEADERS, 0, 1, RawHttp2Client.block(":method", "GET")));
        checkEndedAfter(at.limits.headerTimeout(), HEAD);
    }

    @Test
    void aHeadThatGoesOnInPiecesButNeverEndsIsWaitedForNoLonger() {
        Duration half = at.limits.headerTimeout().dividedBy(2);
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.HEADERS, 0, 1, RawHttp2Client.block(":method", "GET")));
        at.passes(Duration.ZERO).passes(half);
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.CONTINUATION, 0, 1, RawHttp2Client.block("x-more", "1")));
        at.passes(half);
        checkToldToBeCalm(HEAD);
    }

    @Test
    void aFrameThatStopsIsWaitedForAsLongAsABody() {
        post("content-length", "10");
        at.receivesInTurn(half(RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1, new byte[10])));
        checkEndedAfter(at.limits.bodyTimeout(), FRAME);
    }

    @Test
    void aFrameThatGoesOnIsWaitedFor() {
        post("content-length", "10");
        byte[] frame = RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1, new byte[10]);
        for (byte each : frame) {
            at.passes(at.limits.bodyTimeout().minusNanos(1)).receivesInTurn(new byte[] {each});
        }
        assertThat(at.sent()).doesNotContain(FRAME);
        assertThat(at.records).isEmpty();
    }

    @Test
    void aRequestOfWhichOnlyTheEndIsMissingIsWaitedForAsLongAsABodyAndNobodyIsAsked() {
        post("content-length", "0");
        at.passes(Duration.ZERO).passes(at.limits.bodyTimeout().minusNanos(1));
        assertThat(at.records).isEmpty();
        at.passes(Duration.ofNanos(1));
        ExchangeRecord record = refused(FailureReason.REQUEST_TIMEOUT, 408);
        assertThat(requireNonNull(record.request()).forwardTarget()).isEqualTo("/post");
        assertThat(asked.count).isZero();
    }

    @Test
    void aRequestWithALengthOfZeroGoesOnWithItsEnd() {
        post("content-length", "0");
        assertThat(asked.count).isZero();
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1));
        assertThat(asked.count).isEqualTo(1);
        at.passes(Duration.ZERO).passes(at.limits.bodyTimeout());
        assertThat(at.records).isEmpty();
    }

    @Test
    void dataBehindALengthOfZeroIsRefusedAndNobodyIsAsked() {
        post("content-length", "0");
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1, (byte) 'x'));
        ExchangeRecord record = refused(FailureReason.AMBIGUOUS_FRAMING, 400);
        assertThat(requireNonNull(record.request()).forwardTarget()).isEqualTo("/post");
        assertThat(record.upstream()).isNull();
        assertThat(asked.count).isZero();
    }

    @Test
    void whoExpectsToBeToldAlthoughThereIsNothingToSendIsTold() {
        post("content-length", "0", "expect", "100-continue");
        assertThat(at.sent()).contains("100");
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1));
        assertThat(at.sent()).doesNotContain("100");
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1));
        assertThat(asked.count).isEqualTo(1);
    }

    @Test
    void whoTakesBackARequestOfWhichOnlyTheEndIsMissingHasAskedNobody() {
        post("content-length", "0");
        at.receivesInTurn(RawHttp2Client.frame(RawHttp2Client.RST_STREAM, 0, 1, RawHttp2Client.number(8)));
        refused(FailureReason.CLIENT_ABORTED, 499);
        assertThat(asked.count).isZero();
    }

    private void post(String... fields) {
        String[] usual = {":method", "POST", ":scheme", "http", ":authority", "gw.test", ":path", "/post"};
        String[] all = new String[usual.length + fields.length];
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(fields, 0, all, usual.length, fields.length);
        at.receivesInTurn(
                RawHttp2Client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_HEADERS, 1, RawHttp2Client.block(all)));
    }

    private static byte[] half(byte[] frame) {
        return Arrays.copyOf(frame, frame.length / 2 + 1);
    }

    private ExchangeRecord refused(FailureReason reason, int status) {
        assertThat(at.records).hasSize(1);
        ExchangeRecord record = at.records.get(0);
        assertThat(record.failure()).isEqualTo(reason);
        assertThat(record.status()).isEqualTo(status);
        assertThat(at.connections.requestsOpen()).isZero();
        return record;
    }

    private void checkEndedAfter(Duration limit, String why) {
        at.passes(Duration.ZERO).passes(limit.minusNanos(1));
        assertThat(at.sent()).doesNotContain(why);
        at.passes(Duration.ofNanos(1));
        checkToldToBeCalm(why);
    }

    /** In a GOAWAY with ENHANCE_YOUR_CALM. */
    private void checkToldToBeCalm(String why) {
        assertThat(at.sent()).contains("\0\0\0\u000b" + why);
    }
}
