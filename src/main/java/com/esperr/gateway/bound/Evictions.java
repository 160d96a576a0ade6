package com.esperr.gateway.bound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.RemovalListener;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what a cache lets go before its time because it is full. Thread-safe. */
public final class Evictions implements RemovalListener<Object, Object> {
    private final LongAdder count = new LongAdder();

    @Override
    public void onRemoval(@Nullable Object key, @Nullable Object value, RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            count.increment();
        }
    }

    /** How many so far. */
    public long count() {
        return count.sum();
    }

    /** How full {@code cache} is, which tells this and holds {@code most} entries. */
    public Fill fill(Bounded what, Cache<?, ?> cache, long most) {
        return Fill.of(what, cache::estimatedSize, most, this::count);
    }
}
