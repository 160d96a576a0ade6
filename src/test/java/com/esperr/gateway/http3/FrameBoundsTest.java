package com.esperr.gateway.http3;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawHttp3Client;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class FrameBoundsTest {
    private int empty;
    private int odd;
    private final FrameBounds bounds = new FrameBounds(new FrameBounds.Watcher() {
        @Override
        public void empty() {
            empty++;
        }

        @Override
        public void odd(long type) {
            odd++;
        }
    });

    private void look(byte[]... parts) {
        for (byte[] part : parts) {
            bounds.look(Unpooled.wrappedBuffer(part));
        }
    }

    private static byte[] frame(int type, int length) {
        return RawHttp3Client.frame(type, new byte[length]);
    }

    @Test
    void aStreamThatEndsBetweenFramesIsWhole() {
        assertThat(bounds.inside()).isFalse();
        look(frame(1, 30));
        assertThat(bounds.inside()).isFalse();
        assertThat(bounds.onlyOne()).isTrue();
        look(frame(0, 100));
        assertThat(bounds.inside()).isFalse();
        assertThat(bounds.onlyOne()).isFalse();
    }

    @Test
    void itIsInsideAFrameFromItsFirstByteToItsLast() {
        byte[] frame = frame(0, 300);
        for (int i = 0; i < frame.length; i++) {
            look(new byte[] {frame[i]});
            assertThat(bounds.inside()).as("byte %d", i).isEqualTo(i < frame.length - 1);
        }
        assertThat(empty + odd).isZero();
    }

    @Test
    void numbersAreAsLongAsTheyAre() {
        // RFC 9000 section 16, in 1, 2, 4 and 8 bytes; a type of 8 bytes, too.
        look(new byte[] {0, 2, 7, 7}, new byte[] {0, 0x40, 2, 7, 7}, new byte[] {0, (byte) 0x80, 0, 0, 2, 7, 7});
        look(new byte[] {0, (byte) 0xc0, 0, 0, 0, 0, 0, 0, 2, 7, 7});
        assertThat(bounds.inside()).isFalse();
        look(new byte[] {(byte) 0xc0, 0, 0, 0, 0, 0, 0, 0x21, 1, 7});
        assertThat(bounds.inside()).isFalse();
        assertThat(odd).isEqualTo(1);
    }

    @Test
    void framesThatCostNothingAreTold() {
        look(frame(1, 3), frame(0, 0), frame(0, 0), frame(0x21, 0), frame(0x0d, 1));
        assertThat(empty).isEqualTo(2);
        assertThat(odd).isEqualTo(2);
    }

    @Test
    void aFrameOfAnyLengthIsFollowed() {
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        begin.writeBytes(new byte[] {0, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1});
        look(begin.toByteArray(), new byte[100_000]);
        assertThat(bounds.inside()).isTrue();
        assertThat(empty + odd).isZero();
    }
}
