package com.esperr.gateway.cloud;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time in which no question is asked because the service said there were too many: as long as its Retry-After says, or
 * else twice as long each time until a question is answered. Thread-safe without locks; nobody waits in it, the questions
 * of that time fail at once.
 */
final class RateLimitPause {
    private static final int MOST_DOUBLINGS = 30;
    private static final AtomicReferenceFieldUpdater<RateLimitPause, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(RateLimitPause.class, State.class, "state");

    private final Duration first;
    private final Duration longest;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private volatile State state;

    RateLimitPause(Duration first, Duration longest, LongSupplier nanos, LongSupplier epochMillis) {
        this.first = first;
        this.longest = longest;
        this.nanos = nanos;
        this.epochMillis = epochMillis;
        this.state = new State(nanos.getAsLong(), 0);
    }

    /** Whether no question is to be asked now. */
    boolean active() {
        return state.until - nanos.getAsLong() > 0;
    }

    /** The service refused a question; {@code retryAfter} is what it said about when to come back. */
    void refused(@Nullable String retryAfter) {
        Duration told = RetryAfter.parse(retryAfter, Instant.ofEpochMilli(epochMillis.getAsLong()));
        long now = nanos.getAsLong();
        State known = state;
        while (!STATE.compareAndSet(this, known, after(known, told, now))) {
            known = state;
        }
    }

    private State after(State known, @Nullable Duration told, long now) {
        boolean active = known.until - now > 0;
        if (told != null) {
            long until = now + shorter(told, longest).toNanos();
            return active && known.until - until > 0 ? known : new State(until, known.refusals);
        }
        // Questions that were under way together are refused together; that is one refusal.
        return active ? known : new State(now + wait(known.refusals), Math.min(known.refusals + 1, MOST_DOUBLINGS));
    }

    /** A question was answered. */
    void answered() {
        State known = state;
        if (known.refusals > 0) {
            // Lost to a refusal at the same moment, which is right: that one is newer.
            STATE.compareAndSet(this, known, new State(known.until, 0));
        }
    }

    private long wait(int refusals) {
        return shorter(first.multipliedBy(1L << refusals), longest).toNanos();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private record State(long until, int refusals) {}
}
