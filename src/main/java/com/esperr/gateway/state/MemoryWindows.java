package com.esperr.gateway.state;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rolling counts in this process: bounded, the least used dropped first, and dropped when their window has passed.
 * Thread-safe. A key's count is updated under its own monitor, held for a few array accesses and contended only when one
 * visitor is on two event loops in the same instant; housekeeping is that of {@link Housekeeping}.
 */
public final class MemoryWindows implements Windows {
    private final Cache<StateKey, RollingCount> counts;
    private final Evictions evictions = new Evictions();
    private final long most;

    /**
     * An empty store.
     *
     * @param maxWindows keys at the most
     * @param nanos the clock by which unused keys are dropped
     */
    public MemoryWindows(long maxWindows, LongSupplier nanos) {
        this(maxWindows, nanos, Housekeeping.shared());
    }

    MemoryWindows(long maxWindows, LongSupplier nanos, Executor housekeeping) {
        most = maxWindows;
        counts = Caffeine.newBuilder()
                .maximumSize(maxWindows)
                .expireAfter(new AfterLastHit())
                .ticker(nanos::getAsLong)
                .executor(housekeeping)
                .evictionListener(evictions)
                .build();
    }

    @Override
    public void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink) {
        RollingCount count = counts.getIfPresent(key);
        if (count == null) {
            count = counts.get(key, absent -> RollingCount.of(limit));
        }
        int hits;
        synchronized (count) {
            hits = count.hit(nowMillis);
        }
        sink.counted(hits);
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }

    /** How many keys are counted, roughly. */
    public long size() {
        return counts.estimatedSize();
    }

    /** How many keys were dropped before their window had passed, because there were too many. */
    public long evictions() {
        return evictions.count();
    }

    /** How many there are of those that there may be, for {@code what} counts here. */
    public Fill fill(Bounded what) {
        return evictions.fill(what, counts, most);
    }

    /** A count is worthless one window after its last hit. In nanoseconds, so that a hit makes no Duration. */
    private static final class AfterLastHit implements Expiry<StateKey, RollingCount> {
        @Override
        public long expireAfterCreate(StateKey key, RollingCount count, long now) {
            return TimeUnit.MILLISECONDS.toNanos(count.millis());
        }

        @Override
        public long expireAfterUpdate(StateKey key, RollingCount count, long now, long left) {
            return TimeUnit.MILLISECONDS.toNanos(count.millis());
        }

        @Override
        public long expireAfterRead(StateKey key, RollingCount count, long now, long left) {
            return TimeUnit.MILLISECONDS.toNanos(count.millis());
        }
    }
}
