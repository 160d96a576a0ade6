package com.esperr.gateway.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate with a burst, as one number: the moment at which the bucket will be full again (the generic cell rate algorithm,
 * ITU-T I.371). Thread-safe and without locks.
 */
final class TokenBucket {
    private final long interval;
    private final long full;
    private final AtomicLong fullAt;

    /**
     * A full bucket.
     *
     * @param rate tokens a second
     * @param burst tokens in a full bucket
     */
    TokenBucket(int rate, int burst, long nowNanos) {
        this.interval = 1_000_000_000L / rate;
        this.full = interval * burst;
        this.fullAt = new AtomicLong(nowNanos);
    }

    /** What it owes, in whole tokens, is owed at another rate and burst. */
    TokenBucket at(int rate, int burst, long nowNanos) {
        long owed = Math.max(0, fullAt.get() - nowNanos);
        TokenBucket next = new TokenBucket(rate, burst, nowNanos);
        next.fullAt.set(nowNanos + (owed + interval - 1) / interval * next.interval);
        return next;
    }

    /** Whether it was made for that rate and burst. */
    boolean isAt(int rate, int burst) {
        return interval == 1_000_000_000L / rate && full == interval * burst;
    }

    /**
     * Takes {@code tokens}; more than a full bucket holds are given when it is full, and owed.
     *
     * @return 0 if they were taken, else the nanoseconds until there will be enough
     */
    long take(int tokens, long nowNanos) {
        while (true) {
            long before = fullAt.get();
            long from = before - nowNanos > 0 ? before : nowNanos;
            long after = from + tokens * interval;
            long wait = Math.min(after - nowNanos - full, from - nowNanos);
            if (wait > 0) {
                return wait;
            }
            if (fullAt.compareAndSet(before, after)) {
                return 0;
            }
        }
    }
}
