package com.esperr.gateway.hybrid;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The active mitigations: bounded, the least used dropped first and counted, each gone when it expires. Thread-safe;
 * housekeeping runs on the executor it is given, never on an event loop.
 */
final class MitigationStore implements MitigationSink {
    private final Cache<MitigationKey, Mitigation> entries;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private final LongAdder evictions = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final AtomicLong heardAt;

    MitigationStore(long maxEntries, LongSupplier nanos, LongSupplier epochMillis, Executor housekeeping) {
        this.nanos = nanos;
        this.epochMillis = epochMillis;
        this.heardAt = new AtomicLong(nanos.getAsLong());
        this.entries = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfter(new UntilItExpires())
                .ticker(nanos::getAsLong)
                .executor(housekeeping)
                .evictionListener((key, mitigation, cause) -> note(cause))
                .build();
    }

    /** What is to be done with somebody now, or null. */
    @Nullable
    Mitigation find(MitigationKey key) {
        Mitigation found = entries.getIfPresent(key);
        return found == null || found.expiresAtMillis() <= epochMillis.getAsLong() ? null : found;
    }

    @Override
    public void put(MitigationKey key, Mitigation mitigation) {
        if (mitigation.expiresAtMillis() <= epochMillis.getAsLong()) {
            remove(key);
            return;
        }
        entries.put(key, mitigation);
        changes.increment();
    }

    @Override
    public void remove(MitigationKey key) {
        // Most answers are about somebody of whom nothing is known; those are no change.
        if (entries.getIfPresent(key) != null) {
            entries.invalidate(key);
            changes.increment();
        }
    }

    @Override
    public void heard() {
        heardAt.set(nanos.getAsLong());
    }

    /** How long no feed has told anything, from the start if none ever has. */
    long silentNanos() {
        return nanos.getAsLong() - heardAt.get();
    }

    long size() {
        return entries.estimatedSize();
    }

    /** How many were dropped before they expired, because there were too many. */
    long evictions() {
        return evictions.sum();
    }

    /** Grows with every change. */
    long changes() {
        return changes.sum();
    }

    /** A view of all entries, weakly consistent; some may have expired. */
    Map<MitigationKey, Mitigation> entries() {
        return entries.asMap();
    }

    /** Does the housekeeping that is due. */
    void tidy() {
        entries.cleanUp();
    }

    private void note(RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evictions.increment();
        }
    }

    private final class UntilItExpires implements Expiry<MitigationKey, Mitigation> {
        @Override
        public long expireAfterCreate(MitigationKey key, Mitigation mitigation, long now) {
            return TimeUnit.MILLISECONDS.toNanos(Math.max(0, mitigation.expiresAtMillis() - epochMillis.getAsLong()));
        }

        @Override
        public long expireAfterUpdate(MitigationKey key, Mitigation mitigation, long now, long left) {
            return expireAfterCreate(key, mitigation, now);
        }

        @Override
        public long expireAfterRead(MitigationKey key, Mitigation mitigation, long now, long left) {
            return left;
        }
    }
}
