package com.esperr.gateway.proxy;

import io.netty.buffer.ByteBuf;

/**
 * Finds the ends of WebSocket frames in one direction of a connection (RFC 6455 section 5.2), because between two of them, and
 * nowhere else, somebody may say goodbye. Confined to one event loop; looks at bytes and takes none.
 */
final class WebSocketFrames {
    private static final int CLOSE = 0x8;

    private int header;
    private int headerBytes = 2;
    private long payload;
    private int lengthEnd = 2;
    private long length;
    private boolean closes;

    /** Whether a new frame begins with the next byte. */
    boolean between() {
        return header == 0 && payload == 0;
    }

    /** Whether a Close frame has begun. */
    boolean closes() {
        return closes;
    }

    /**
     * Goes through {@code data}.
     *
     * @param stop whether to stop at the first end of a frame
     * @return how many of its bytes were gone through
     */
    int pass(ByteBuf data, boolean stop) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        while (at < end && !(stop && between())) {
            if (payload > 0) {
                long step = Math.min(payload, end - at);
                payload -= step;
                at += (int) step;
            } else {
                header(data.getByte(at++) & 0xff);
            }
        }
        return at - data.readerIndex();
    }

    private void header(int octet) {
        if (header == 0) {
            closes |= (octet & 0xf) == CLOSE;
            headerBytes = 2;
        } else if (header == 1) {
            int first = octet & 0x7f;
            int more = first == 127 ? 8 : first == 126 ? 2 : 0;
            length = more == 0 ? first : 0;
            lengthEnd = 2 + more;
            headerBytes = lengthEnd + ((octet & 0x80) == 0 ? 0 : 4);
        } else if (header < lengthEnd) {
            length = length << 8 | octet;
        }
        header++;
        if (header == headerBytes && header >= 2) {
            header = 0;
            // A length with the highest bit set is forbidden; the peers will say so to each other.
            payload = length < 0 ? Long.MAX_VALUE : length;
        }
    }
}
