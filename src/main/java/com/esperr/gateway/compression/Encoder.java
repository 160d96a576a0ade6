package com.esperr.gateway.compression;

import io.netty.buffer.ByteBuf;

/**
 * Encodes one body, piece by piece; confined to the event loop of its exchange. Buffers stay the caller's; output is appended to a direct buffer and may
 * come later than its input, until {@link #flush} or {@link #finish}. Whoever has one closes it.
 */
public interface Encoder extends AutoCloseable {
    /** Reads {@code piece} to its end. */
    void encode(ByteBuf piece, ByteBuf out);

    /** Brings out whatever was encoded so far, so that the client can decode it. */
    void flush(ByteBuf out);

    /** Ends the body. */
    void finish(ByteBuf out);

    /** Frees the native memory; may be called again. */
    @Override
    void close();
}
