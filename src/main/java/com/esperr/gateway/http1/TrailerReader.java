package com.esperr.gateway.http1;

import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message's trailers that are there as a whole, by the rules for those behind a chunked body. Confined to the event loop
 * of its connection.
 */
public final class TrailerReader {
    private final TrailerScanner scanner;

    private TrailerReader(TrailerScanner scanner) {
        this.scanner = scanner;
    }

    /** A reader of a request's trailers within {@code limits}, which refuses those that say what a head must say. */
    public static TrailerReader ofRequests(DecoderLimits limits) {
        return new TrailerReader(new TrailerScanner(limits, false));
    }

    /** A reader of a response's trailers within {@code limits}, which leaves such out. */
    public static TrailerReader ofResponses(DecoderLimits limits) {
        return new TrailerReader(new TrailerScanner(limits, true));
    }

    /** The end with the trailers that {@code block} consists of, the empty line included, or null if they are refused. */
    public @Nullable MessageEnd read(byte[] block) {
        scanner.begin();
        ByteBuf in = Unpooled.wrappedBuffer(block);
        return scanner.scan(in) == Scan.DONE && !in.isReadable() ? scanner.end() : null;
    }

    /** Why there is no end. */
    public BadMessage fault() {
        return scanner.fault();
    }
}
