package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WebSocketFramesTest {
    private final Random random = new Random(6455);

    @Test
    void everyEndOfAFrameIsFoundHoweverTheBytesAreCut() {
        for (int round = 0; round < 2_000; round++) {
            ByteBuf wire = Unpooled.buffer();
            List<Integer> ends = new ArrayList<>(List.of(0));
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                frame(wire, length(), random.nextBoolean());
                ends.add(wire.writerIndex());
            }
            WebSocketFrames frames = new WebSocketFrames();
            List<Integer> found = new ArrayList<>(List.of(0));
            while (wire.isReadable()) {
                int piece = 1 + random.nextInt(Math.min(wire.readableBytes(), 70_000));
                ByteBuf part = wire.slice(wire.readerIndex(), piece);
                while (part.isReadable()) {
                    // One byte past the end that was found last, because there it stops at once.
                    int step = frames.pass(part.slice(part.readerIndex(), 1), false);
                    step += frames.between()
                            ? 0
                            : frames.pass(part.slice(part.readerIndex() + 1, part.readableBytes() - 1), true);
                    part.skipBytes(step);
                    if (frames.between()) {
                        found.add(wire.readerIndex() + part.readerIndex());
                    }
                }
                wire.skipBytes(piece);
            }
            assertThat(found).isEqualTo(ends);
        }
    }

    @Test
    void aCloseFrameIsNoticedAsSoonAsItBegins() {
        WebSocketFrames frames = new WebSocketFrames();
        frames.pass(Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, 1, 'x'}), false);
        assertThat(frames.closes()).isFalse();
        frames.pass(Unpooled.wrappedBuffer(new byte[] {(byte) 0x88}), false);
        assertThat(frames.closes()).isTrue();
        assertThat(frames.between()).isFalse();
    }

    @Test
    void aLengthThatIsForbiddenHasNoEnd() {
        WebSocketFrames frames = new WebSocketFrames();
        byte[] header = {(byte) 0x82, 127, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3};
        assertThat(frames.pass(Unpooled.wrappedBuffer(header), false)).isEqualTo(header.length);
        assertThat(frames.between()).isFalse();
    }

    private int length() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> random.nextInt(126);
            case 2 -> 125 + random.nextInt(3);
            case 3 -> random.nextInt(3_000);
            default -> 65_534 + random.nextInt(4);
        };
    }

    private void frame(ByteBuf wire, int length, boolean masked) {
        wire.writeByte(0x82);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            wire.writeByte(mask | length);
        } else if (length < 65_536) {
            wire.writeByte(mask | 126).writeShort(length);
        } else {
            wire.writeByte(mask | 127).writeLong(length);
        }
        if (masked) {
            wire.writeInt(random.nextInt());
        }
        for (int i = 0; i < length; i++) {
            wire.writeByte(0x88);
        }
    }
}
