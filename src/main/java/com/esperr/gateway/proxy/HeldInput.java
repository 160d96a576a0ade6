package com.esperr.gateway.proxy;

import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What of a request's body was read before it was wanted; confined to the event loop of its connection. Owns it. */
final class HeldInput {
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(0);
    private @Nullable MessageEnd end;

    /** Holds a piece; takes it. */
    void add(ByteBuf piece) {
        pieces.add(piece);
    }

    /** Holds the end. */
    void end(MessageEnd ended) {
        end = ended;
    }

    /** Whether there is no piece. */
    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** The first piece, which is the caller's from here on, or null. */
    @Nullable
    ByteBuf next() {
        return pieces.poll();
    }

    /** The end if it was held, once. */
    @Nullable
    MessageEnd takeEnd() {
        MessageEnd held = end;
        end = null;
        return held;
    }

    /** Frees what is held. */
    void release() {
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
        end = null;
    }
}
