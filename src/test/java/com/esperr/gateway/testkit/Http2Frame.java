package com.esperr.gateway.testkit;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One frame of HTTP/2 as it was received (RFC 9113 section 4.1).
 *
 * @param type its type, by the numbers of {@link RawHttp2Client}
 * @param flags its flags
 * @param stream its stream
 * @param payload what is behind its head
 * @param fields of a HEADERS frame: {@code name: value} in their order
 */
public record Http2Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
    /** Whether a flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The error code of a GOAWAY or RST_STREAM. */
    public int errorCode() {
        return ByteBuffer.wrap(payload).getInt(type == RawHttp2Client.GOAWAY ? 4 : 0);
    }

    /** The last stream that a GOAWAY names. */
    public int lastStream() {
        return ByteBuffer.wrap(payload).getInt(0);
    }

    @Override
    public String toString() {
        return "frame type=" + type + " flags=" + flags + " stream=" + stream + " length=" + payload.length;
    }
}
