package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The places of the operator port, of which there are few. Thread-safe; nobody holds its lock for longer than a look-up. When all are taken, the
 * connection that has kept us waiting longest gives its own up: a probe must get through however many sit there. One that
 * waits for us keeps its place.
 */
final class Places {
    private final int size;
    private final Set<Channel> kept = new HashSet<>();
    /** Who may have to go, first who has been waited for longest. */
    private final LinkedHashSet<Channel> awaited = new LinkedHashSet<>();

    private final LongAdder crowded = new LongAdder();

    Places(int size) {
        this.size = size;
    }

    /** Gives {@code channel} a place; false if everybody else is being answered. */
    boolean take(Channel channel) {
        Channel evicted;
        synchronized (this) {
            boolean full = kept.size() + awaited.size() >= size;
            if (full) {
                crowded.increment();
            }
            evicted = full ? pollOldest() : null;
            if (full && evicted == null) {
                return false;
            }
            awaited.add(channel);
        }
        if (evicted != null) {
            evicted.close();
        }
        return true;
    }

    private @Nullable Channel pollOldest() {
        Iterator<Channel> oldest = awaited.iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Channel channel = oldest.next();
        oldest.remove();
        return channel;
    }

    /** Has asked, and keeps its place until it is answered. */
    synchronized void asked(Channel channel) {
        if (awaited.remove(channel)) {
            kept.add(channel);
        }
    }

    /** Has been answered, and is waited for. */
    synchronized void answered(Channel channel) {
        if (kept.remove(channel)) {
            awaited.add(channel);
        }
    }

    Fill fill() {
        return Fill.of(Bounded.ADMIN_CONNECTIONS, this::taken, size, crowded::sum);
    }

    private synchronized int taken() {
        return kept.size() + awaited.size();
    }

    /** Is closed. */
    synchronized void leave(Channel channel) {
        kept.remove(channel);
        awaited.remove(channel);
    }
}
