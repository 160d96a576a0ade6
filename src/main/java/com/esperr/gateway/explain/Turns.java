package com.esperr.gateway.explain;

/** So many in a second and no more. Thread-safe. */
final class Turns {
    private static final long SECOND = 1000;

    private final int most;
    private long second;
    private int taken;

    Turns(int most) {
        this.most = most;
    }

    /** Whether there is one left in the second of {@code nowMillis}. */
    synchronized boolean take(long nowMillis) {
        if (nowMillis / SECOND != second) {
            second = nowMillis / SECOND;
            taken = 0;
        }
        if (taken == most) {
            return false;
        }
        taken++;
        return true;
    }
}
