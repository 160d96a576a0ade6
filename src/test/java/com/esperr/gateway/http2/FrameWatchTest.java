package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameWatchTest {
    private static final long SECOND = 1_000_000_000L;

    private final FrameWatch watch = new FrameWatch(new FloodBudget(FloodAllowances.USUAL, 0));

    @Test
    void soMuchOfAKindIsPutUpWithAtOnceAndMoreAsTimePasses() {
        preface();
        byte[] settings = RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0);
        for (int i = 0; i < Flood.SETTINGS.burst(); i++) {
            assertThat(look(settings, 0)).isNull();
        }
        assertThat(look(settings, 0)).isEqualTo(Flood.SETTINGS);
        for (int i = 0; i < Flood.SETTINGS.perSecond() - 1; i++) {
            assertThat(look(settings, 2 * SECOND)).isNull();
        }
    }

    @Test
    void framesAreFoundHoweverTheyAreCut() {
        preface();
        byte[] ping = RawHttp2Client.frame(RawHttp2Client.PING, 0, 0, new byte[8]);
        for (int i = 0; i < Flood.PING.burst(); i++) {
            for (byte octet : ping) {
                assertThat(look(new byte[] {octet}, 0)).isNull();
            }
        }
        assertThat(look(ping, 0)).isEqualTo(Flood.PING);
    }

    @Test
    void dataIsNoFloodUnlessItIsNone() {
        preface();
        byte[] data = RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1, new byte[10]);
        byte[] none = RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1);
        byte[] end = RawHttp2Client.frame(RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 1);
        for (int i = 0; i < 10 * Flood.EMPTY_FRAMES.burst(); i++) {
            assertThat(look(data, 0)).isNull();
            assertThat(look(end, 0)).isNull();
        }
        for (int i = 0; i < Flood.EMPTY_FRAMES.burst(); i++) {
            assertThat(look(none, 0)).isNull();
        }
        assertThat(look(none, 0)).isEqualTo(Flood.EMPTY_FRAMES);
    }

    @Test
    void dataThatIsNothingButPaddingIsNone() {
        preface();
        int padded = RawHttp2Client.PADDED;
        byte[] some = RawHttp2Client.frame(RawHttp2Client.DATA, padded, 1, new byte[] {1, 'x', 0});
        byte[] end = RawHttp2Client.frame(RawHttp2Client.DATA, padded | RawHttp2Client.END_STREAM, 1, new byte[] {0});
        for (int i = 0; i < 10 * Flood.EMPTY_FRAMES.burst(); i++) {
            assertThat(look(some, 0)).isNull();
            assertThat(look(end, 0)).isNull();
        }
        byte[] none = RawHttp2Client.frame(RawHttp2Client.DATA, padded, 1, new byte[] {2, 0, 0});
        for (int i = 0; i < Flood.EMPTY_FRAMES.burst(); i++) {
            assertThat(look(Arrays.copyOf(none, 10), 0)).isNull();
            assertThat(look(Arrays.copyOfRange(none, 10, none.length), 0)).isNull();
        }
        assertThat(look(none, 0)).isEqualTo(Flood.EMPTY_FRAMES);
    }

    @Test
    void whoIsSentMuchMayGiveMuchRoom() {
        preface();
        byte[] update = RawHttp2Client.frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, RawHttp2Client.number(1));
        for (int i = 0; i < 10 * Flood.WINDOW_UPDATE.burst(); i++) {
            watch.sent(1024);
            assertThat(look(update, 0)).isNull();
        }
    }

    @Test
    void aHeadIsBegunUntilItsBlockIsEnded() {
        assertThat(watch.insideHead()).isTrue();
        preface();
        assertThat(watch.insideHead()).isFalse();
        look(RawHttp2Client.frame(RawHttp2Client.HEADERS, 0, 1, new byte[3]), 0);
        assertThat(watch.insideHead()).isTrue();
        assertThat(watch.heads()).isEqualTo(1);
        look(RawHttp2Client.frame(RawHttp2Client.CONTINUATION, RawHttp2Client.END_HEADERS, 1, new byte[3]), 0);
        assertThat(watch.insideHead()).isFalse();
        assertThat(watch.insideFrame()).isFalse();
    }

    private void preface() {
        assertThat(look(new byte[24], 0)).isNull();
    }

    private Flood look(byte[] bytes, long now) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        Flood flood = watch.look(buffer, now);
        assertThat(buffer.readableBytes()).isEqualTo(bytes.length);
        return flood;
    }
}
