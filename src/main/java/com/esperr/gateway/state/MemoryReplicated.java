package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.state.LocalCopy.Entry;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Values of a process that is its only replica: bounded, and gone with the process. Thread-safe. */
public final class MemoryReplicated<V> implements Replicated<V> {
    private final LocalCopy<V> copy;
    private final LongSupplier millis;

    /**
     * An empty map.
     *
     * @param maxEntries values at the most
     * @param millis the clock of expiries, epoch milliseconds
     */
    public MemoryReplicated(long maxEntries, LongSupplier millis) {
        this(maxEntries, millis, Housekeeping.shared());
    }

    MemoryReplicated(long maxEntries, LongSupplier millis, Executor housekeeping) {
        this.copy = new LocalCopy<>(maxEntries, millis, housekeeping);
        this.millis = millis;
    }

    @Override
    public @Nullable V find(StateKey key, long nowMillis) {
        return copy.find(key, nowMillis);
    }

    @Override
    public void put(StateKey key, V value, long expiresAtMillis) {
        copy.put(key, new Entry<>(new Kept<>(value, expiresAtMillis), millis.getAsLong()));
    }

    @Override
    public void remove(StateKey key) {
        copy.remove(key);
    }

    @Override
    public void forEach(BiConsumer<StateKey, Kept<V>> each) {
        copy.forEach((key, entry) -> each.accept(key, entry.kept()));
    }

    @Override
    public AutoCloseable follow(Follower<V> follower) {
        return copy.follow(follower);
    }

    @Override
    public long size() {
        return copy.size();
    }

    @Override
    public long evictions() {
        return copy.evictions();
    }

    @Override
    public Fill fill(Bounded what) {
        return copy.fill(what);
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    @Override
    public void close() {}
}
