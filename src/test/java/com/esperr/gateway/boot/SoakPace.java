package com.esperr.gateway.boot;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How often all visitors together come, at most. Thread-safe. */
final class SoakPace {
    private final long nanosEach;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    private SoakPace(long nanosEach) {
        this.nanosEach = nanosEach;
    }

    /** As often as they can. */
    static SoakPace unlimited() {
        return new SoakPace(0);
    }

    /** So many visits in a second; whoever is late does not catch up. */
    static SoakPace of(double visitsPerSecond) {
        return new SoakPace((long) (1e9 / visitsPerSecond));
    }

    /** Waits for the next visitor's turn. */
    void await() {
        if (nanosEach == 0) {
            return;
        }
        long now = System.nanoTime();
        long turn = next.updateAndGet(before -> Math.max(before + nanosEach, now));
        for (long left = turn - now; left > 0; left = turn - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
