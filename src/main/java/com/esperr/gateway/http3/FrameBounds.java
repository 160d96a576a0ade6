package com.esperr.gateway.http3;

import io.netty.buffer.ByteBuf;

/**
 * Follows the bytes of one request stream from frame to frame (RFC 9114 section 7.1), besides the decoder, which tells neither the
 * frames that it skips nor whether the stream ended inside one. Confined to the event loop of its connection. Bytes stay the caller's.
 */
public final class FrameBounds {
    private static final long DATA = 0;
    private static final long HEADERS = 1;

    private enum Part {
        TYPE,
        LENGTH,
        PAYLOAD
    }

    private final Watcher watcher;
    private Part part = Part.TYPE;
    private long number;
    private int missing = -1;
    private long type;
    private long left;
    private int frames;

    /** Tells {@code watcher}. */
    public FrameBounds(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Who is told of frames that cost their sender nothing. */
    public interface Watcher {
        /** A DATA frame without data. */
        void empty();

        /** A frame of a kind that requests are not made of. */
        void odd(long type);
    }

    /** Looks at what came. */
    public void look(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (part == Part.PAYLOAD) {
                int taken = (int) Math.min(left, end - at);
                at += taken;
                left -= taken;
                closeIfOver();
            } else {
                digit(bytes.getByte(at++) & 0xFF);
            }
        }
    }

    /** One more byte of a number of variable length (RFC 9000 section 16). */
    private void digit(int octet) {
        if (missing < 0) {
            missing = (1 << (octet >> 6)) - 1;
            number = octet & 0x3F;
        } else {
            number = number << 8 | octet;
            missing--;
        }
        if (missing == 0) {
            missing = -1;
            if (part == Part.TYPE) {
                type = number;
                part = Part.LENGTH;
            } else {
                begin(number);
            }
        }
    }

    private void begin(long length) {
        frames++;
        left = length;
        part = Part.PAYLOAD;
        if (type == DATA && length == 0) {
            watcher.empty();
        } else if (type != DATA && type != HEADERS) {
            watcher.odd(type);
        }
        closeIfOver();
    }

    private void closeIfOver() {
        if (left == 0) {
            part = Part.TYPE;
        }
    }

    /** Whether the last frame that began has not ended. */
    public boolean inside() {
        return part != Part.TYPE || missing >= 0;
    }

    /** Whether one frame has come, whole, and nothing else. */
    public boolean onlyOne() {
        return frames == 1 && !inside();
    }
}
