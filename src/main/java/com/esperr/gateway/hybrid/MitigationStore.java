package com.esperr.gateway.hybrid;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.StateKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The active mitigations: bounded, the least used dropped first and counted, each gone when it expires. Thread-safe;
 * housekeeping runs on the executor it is given, or on the thread that writes when it cannot wait.
 */
final class MitigationStore {
    /**
     * One mitigation and who told it. Immutable.
     *
     * @param mitigation what is to be done
     * @param teller who told it
     * @param round in which telling of everything
     * @param sinceMillis when, epoch milliseconds
     */
    record Kept(Mitigation mitigation, FeedSink teller, int round, long sinceMillis) {}

    // What an entry weighs without texts worth mentioning; one with longer texts counts for several.
    private static final int TEXT_OF_ONE = 256;

    private final Cache<StateKey, Kept> entries;
    private final LongSupplier epochMillis;
    private final long most;
    private final Executor housekeeping;
    private final LongAdder evictions = new LongAdder();
    private final LongAdder changes = new LongAdder();

    MitigationStore(long maxEntries, LongSupplier nanos, LongSupplier epochMillis, Executor housekeeping) {
        this.epochMillis = epochMillis;
        this.housekeeping = housekeeping;
        this.most = maxEntries;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxEntries)
                .weigher((StateKey key, Kept kept) -> 1 + kept.mitigation().textLength() / TEXT_OF_ONE)
                .expireAfter(new UntilItExpires())
                .ticker(nanos::getAsLong)
                .executor(housekeeping)
                .evictionListener((key, kept, cause) -> note(cause))
                .removalListener((@Nullable StateKey key, @Nullable Kept kept, RemovalCause cause) -> uncount(kept))
                .build();
    }

    /** What is to be done with somebody now, or null. */
    @Nullable
    Mitigation find(StateKey key) {
        Kept found = entries.getIfPresent(key);
        return found == null || found.mitigation().expiresAtMillis() <= epochMillis.getAsLong()
                ? null
                : found.mitigation();
    }

    /** Remembers what {@code teller} told; an answer neither weakens anything nor shortens what a steady feed knows. */
    void put(StateKey key, Mitigation mitigation, FeedSink teller, int round) {
        long now = epochMillis.getAsLong();
        if (mitigation.expiresAtMillis() <= now) {
            remove(key, Long.MAX_VALUE, teller);
            return;
        }
        Kept fresh = new Kept(mitigation, teller, round, now);
        // Counted before it can be found, so that a feed never seems to have told less than it has.
        teller.counted(1);
        entries.asMap().merge(key, fresh, (known, offered) -> {
            if (prevails(known, offered)) {
                teller.counted(-1);
                return known;
            }
            return offered;
        });
        changes.increment();
    }

    /** What is known about somebody, expired or not, or null. */
    @Nullable
    Kept kept(StateKey key) {
        return entries.getIfPresent(key);
    }

    /**
     * Takes over from another store what {@code teller} is to have told, as long ago as it was told there, unless something is known already.
     *
     * @return what is kept now, or null if that is something else
     */
    @Nullable
    Kept putIfUnknown(StateKey key, Kept elsewhere, FeedSink teller) {
        Kept mine = new Kept(elsewhere.mitigation(), teller, 0, elsewhere.sinceMillis());
        teller.counted(1);
        if (entries.asMap().putIfAbsent(key, mine) != null) {
            teller.counted(-1);
            return null;
        }
        changes.increment();
        return mine;
    }

    /** Ends just {@code mine}, not what may have been told since. */
    void remove(StateKey key, Kept mine) {
        if (entries.asMap().remove(key, mine)) {
            changes.increment();
        }
    }

    private static boolean prevails(Kept known, Kept fresh) {
        if (fresh.teller().steady()) {
            return false;
        }
        boolean weaker = fresh.mitigation().action() == Action.ALLOW && isActive(known);
        boolean shortens =
                fresh.mitigation().expiresAtMillis() < known.mitigation().expiresAtMillis();
        return weaker || (known.teller().steady() && shortens);
    }

    private static boolean isActive(Kept kept) {
        return kept.mitigation().action() != Action.ALLOW;
    }

    /**
     * Ends what was told before {@code asOfMillis}; answers whether anything told before then was to be done. What a steady feed told only a
     * steady feed ends.
     */
    boolean remove(StateKey key, long asOfMillis, FeedSink teller) {
        // Most answers are about somebody of whom nothing is known; those cost a look.
        Kept known = entries.getIfPresent(key);
        if (known == null) {
            return false;
        }
        boolean later = known.sinceMillis() >= asOfMillis;
        boolean others = known.teller().steady() && !teller.steady();
        if (!later && !others && entries.asMap().remove(key, known)) {
            changes.increment();
        }
        return !later && isActive(known);
    }

    /** Ends, soon, what {@code teller} told before {@code round} and has not told again. */
    void removeOlder(FeedSink teller, int round) {
        // Visits all entries, which may take longer than an event loop has.
        housekeeping.execute(() -> entries.asMap().forEach((key, kept) -> {
            if (kept.teller() == teller
                    && kept.round() < round
                    && entries.asMap().remove(key, kept)) {
                changes.increment();
            }
        }));
    }

    /** Whether there is certainly nothing. */
    boolean isEmpty() {
        return entries.asMap().isEmpty();
    }

    long size() {
        return entries.estimatedSize();
    }

    /** How many were dropped before they expired, because there were too many. */
    long evictions() {
        return evictions.sum();
    }

    /** One with long texts counts for several. */
    Fill fill() {
        return Fill.of(Bounded.HYBRID_MITIGATIONS, this::weight, most, this::evictions);
    }

    private long weight() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** Grows with every change. */
    long changes() {
        return changes.sum();
    }

    /** A view of all entries, weakly consistent; some may have expired. */
    Map<StateKey, Kept> entries() {
        return entries.asMap();
    }

    /** Does the housekeeping that is due. */
    void tidy() {
        entries.cleanUp();
    }

    private static void uncount(@Nullable Kept gone) {
        if (gone != null) {
            gone.teller().counted(-1);
        }
    }

    private void note(RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evictions.increment();
        }
    }

    private final class UntilItExpires implements Expiry<StateKey, Kept> {
        @Override
        public long expireAfterCreate(StateKey key, Kept kept, long now) {
            long left = kept.mitigation().expiresAtMillis() - epochMillis.getAsLong();
            return TimeUnit.MILLISECONDS.toNanos(Math.max(0, left));
        }

        @Override
        public long expireAfterUpdate(StateKey key, Kept kept, long now, long left) {
            return expireAfterCreate(key, kept, now);
        }

        @Override
        public long expireAfterRead(StateKey key, Kept kept, long now, long left) {
            return left;
        }
    }
}
