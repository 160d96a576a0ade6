package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.FrameWatch;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What was read from one HTTP/2 connection and is more than one turn of its event loop is for; confined to that loop. It holds what
 * was read at one time and no more, because nothing is read while it holds anything. Owns what it holds.
 */
final class Portions {
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(0);

    /** Takes {@code bytes}, which {@code watch} has just looked at, and gives back what of them is for this turn, or null. */
    @Nullable
    ByteBuf add(ByteBuf bytes, FrameWatch watch) {
        boolean first = waiting.isEmpty();
        if (watch.cuts() == 0 && first) {
            return bytes;
        }
        int begin = bytes.readerIndex();
        for (int i = 0; i < watch.cuts(); i++) {
            waiting.add(bytes.readRetainedSlice(begin + watch.cut(i) - bytes.readerIndex()));
        }
        if (bytes.isReadable()) {
            waiting.add(bytes);
        } else {
            bytes.release();
        }
        return first ? waiting.poll() : null;
    }

    /** The next portion, or null. */
    @Nullable
    ByteBuf poll() {
        return waiting.poll();
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Frees what waits. */
    void drop() {
        for (ByteBuf portion = waiting.poll(); portion != null; portion = waiting.poll()) {
            portion.release();
        }
    }
}
