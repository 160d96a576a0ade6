package com.esperr.gateway.cloud;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Evictions;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.state.StateKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the recent past under the hash of everything that was asked. Thread-safe and bounded. A challenge is never
 * kept: it is one visitor's session and ends with his proof.
 */
final class AnswerCache {
    private final CacheConfig config;
    private final LongSupplier nanos;
    private final Cache<StateKey, Kept> answers;
    private final Evictions evictions = new Evictions();

    AnswerCache(CacheConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.answers = Caffeine.newBuilder()
                .maximumSize(config.maxEntries())
                .expireAfterWrite(config.longest())
                .ticker(nanos::getAsLong)
                .executor(Housekeeping.shared())
                .evictionListener(evictions)
                .build();
    }

    /** Keeps an answer in place of an older one; a challenge only ends the older one. */
    void put(StateKey key, Decision decision) {
        if (decision.action() == Action.CHALLENGE) {
            answers.invalidate(key);
        } else {
            answers.put(key, new Kept(decision, nanos.getAsLong()));
        }
    }

    /** What is kept under {@code key}, or null. */
    @Nullable
    Kept get(StateKey key) {
        return answers.getIfPresent(key);
    }

    /** Whether {@code kept} may be used like a new answer. */
    boolean fresh(Kept kept) {
        return nanos.getAsLong() - kept.since < config.maxAge().toNanos();
    }

    /** Whether it may be used while a new one is asked for. */
    boolean usableMeanwhile(Kept kept) {
        return within(kept, config.staleWhileRevalidate().toNanos());
    }

    /** Whether it may be used when there is no new one. */
    boolean usableOnError(Kept kept) {
        return within(kept, config.staleIfError().toNanos());
    }

    long size() {
        return answers.estimatedSize();
    }

    Fill fill() {
        return evictions.fill(Bounded.DECISION_ANSWERS, answers, config.maxEntries());
    }

    private boolean within(Kept kept, long more) {
        return nanos.getAsLong() - kept.since < config.maxAge().toNanos() + more;
    }

    /**
     * One answer; immutable.
     *
     * @param decision what was answered
     * @param since when, on the injected clock
     */
    record Kept(Decision decision, long since) {}
}
