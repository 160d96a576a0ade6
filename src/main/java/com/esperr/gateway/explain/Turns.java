package com.esperr.gateway.explain;

/** So many in a second and no more. Thread-safe. */
final class Turns {
    private static final long SECOND = 1000;

    private final int most;
    private long second;
    private int taken;
    /** The second in which none is left, so that a flood waits for no lock. */
    private volatile long spent = -1;

    Turns(int most) {
        this.most = most;
    }

    /** Whether there is one left in the second of {@code nowMillis}. */
    boolean take(long nowMillis) {
        long now = nowMillis / SECOND;
        return now != spent && takeIn(now);
    }

    private synchronized boolean takeIn(long now) {
        if (now != second) {
            second = now;
            taken = 0;
        }
        if (taken == most) {
            spent = now;
            return false;
        }
        taken++;
        return true;
    }
}
