package com.esperr.gateway.http1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The bytes of one head while it arrives: one array that becomes the block of the {@code Fields} in the end. It takes a
 * window at a time, so that a head in front of a long body does not copy the body, and what was taken too much is given
 * back. Confined to the event loop of its channel.
 */
final class HeadBytes {
    private static final int SMALLEST_WINDOW = 256;
    private static final int LARGEST_WINDOW = 4096;
    private static final byte[] NOTHING = new byte[0];

    private final int most;
    private byte[] bytes = NOTHING;
    private int length;
    // Heads on one connection resemble each other, so the last one says how much to take at first.
    private int window = 4 * SMALLEST_WINDOW;

    private HeadBytes(int most) {
        this.most = most;
    }

    /** Bytes for heads of at most {@code most} bytes. */
    static HeadBytes atMost(long most) {
        return new HeadBytes((int) Math.min(Integer.MAX_VALUE - 16, most));
    }

    /** Takes the next bytes from {@code in}; false when there are none. */
    boolean fill(ByteBuf in) {
        if (!in.isReadable()) {
            return false;
        }
        int wanted = Math.min(in.readableBytes(), most - length);
        if (wanted == 0) {
            throw new IllegalStateException(
                    "head: " + length + " bytes and no end (expected: refused by the scanners)");
        }
        if (length == bytes.length) {
            int room = length == 0 ? Math.min(wanted, window) : Math.max(2 * length, window);
            bytes = Arrays.copyOf(bytes, Math.min(most, room));
        }
        int taken = Math.min(wanted, bytes.length - length);
        in.readBytes(bytes, length, taken);
        length += taken;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The head of {@code end} bytes, complete; what was taken behind it goes back to {@code in}, from which it came. */
    byte[] finish(ByteBuf in, int end) {
        in.readerIndex(in.readerIndex() - (length - end));
        byte[] head = bytes;
        if (head.length - end > Math.max(SMALLEST_WINDOW, end >> 2)) {
            head = Arrays.copyOf(head, end);
        }
        window = Math.min(LARGEST_WINDOW, Math.max(SMALLEST_WINDOW, end + (end >> 3)));
        clear();
        return head;
    }

    /** Forgets what was taken. */
    void clear() {
        bytes = NOTHING;
        length = 0;
    }
}
