package com.esperr.gateway.boot;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How often all visitors together come, at most. Thread-safe. */
final class SoakPace implements AutoCloseable {
    /** Turns that nobody has taken yet; more than these are lost, so that whoever is late does not catch up. */
    private static final int MOST_WAITING = 64;

    private final Semaphore turns = new Semaphore(0);
    private final ScheduledExecutorService clock;

    private SoakPace(long nanosEach) {
        clock = Executors.newSingleThreadScheduledExecutor();
        if (nanosEach == 0) {
            turns.release(Integer.MAX_VALUE / 2);
        } else {
            clock.scheduleAtFixedRate(this::tick, 0, nanosEach, TimeUnit.NANOSECONDS);
        }
    }

    /** As often as they can. */
    static SoakPace unlimited() {
        return new SoakPace(0);
    }

    /** So many visits in a second. */
    static SoakPace of(double visitsPerSecond) {
        return new SoakPace((long) (1e9 / visitsPerSecond));
    }

    private void tick() {
        if (turns.availablePermits() < MOST_WAITING) {
            turns.release();
        }
    }

    /** Waits for the next visitor's turn. */
    void await() {
        turns.acquireUninterruptibly();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        // Who waits still goes on, to see that it is over.
        turns.release(MOST_WAITING);
    }
}
