package com.esperr.gateway.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Whether one endpoint gets requests: it is ejected for a while when too many fail in a row, and down when it fails the
 * questions of {@link HealthChecks}. Thread-safe: all event loops tell it what they see.
 */
final class EndpointHealth {
    private final OutlierConfig config;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger serverErrors = new AtomicInteger();
    private final LongAdder ejections = new LongAdder();

    private volatile boolean ejected;
    private volatile long ejectedUntil;
    private volatile @Nullable String down;
    /** Ejections in short succession; written by whoever has the turn in {@link Outliers}. */
    private volatile int times;

    EndpointHealth(OutlierConfig config) {
        this.config = config;
    }

    /** Whether it gets requests. */
    boolean usable(long now) {
        return down == null && !ejectedAt(now);
    }

    /** Whether it is ejected. */
    boolean ejectedAt(long now) {
        return ejected && now - ejectedUntil < 0;
    }

    /** Nanoseconds until it is no longer ejected. */
    long ejectedFor(long now) {
        return ejectedAt(now) ? ejectedUntil - now : 0;
    }

    /** It answered a request; true if it has answered 5xx too often in a row. */
    boolean answered(int status) {
        if (failures.get() != 0) {
            failures.set(0);
        }
        if (status < 500) {
            if (serverErrors.get() != 0) {
                serverErrors.set(0);
            }
            return false;
        }
        return config.serverErrors() > 0 && serverErrors.incrementAndGet() >= config.serverErrors();
    }

    /** It did not; true if that has happened too often in a row. */
    boolean failed() {
        return config.failures() > 0 && failures.incrementAndGet() >= config.failures();
    }

    /** It gets no requests for a while, twice as long as the last time unless that was long ago. */
    void eject(long now) {
        if (ejectedAt(now)) {
            return;
        }
        boolean longAgo = !ejected || now - ejectedUntil >= config.longest().toNanos();
        int doublings = longAgo ? 0 : Math.min(times + 1, Long.SIZE);
        times = doublings;
        ejectedUntil = now + time(doublings);
        ejected = true;
        failures.set(0);
        serverErrors.set(0);
        ejections.increment();
    }

    private long time(int doublings) {
        long time = config.time().toNanos();
        long longest = config.longest().toNanos();
        for (int i = 0; i < doublings && time < longest; i++) {
            time *= 2;
        }
        return Math.min(time, longest);
    }

    /** Since the start. */
    long ejections() {
        return ejections.sum();
    }

    /** What the questions about it say, or null if nothing is wrong. */
    @Nullable
    String down() {
        return down;
    }

    void down(@Nullable String why) {
        down = why;
    }
}
