package com.esperr.gateway.proxy;

/**
 * Notices that a number no longer changes; confined to one event loop. The clock is read by whoever visits, a few times
 * a second, so that progress itself costs nothing.
 */
final class Stall {
    private long value = Long.MIN_VALUE;
    private long since;

    /** Whether {@code current} has been the same for {@code limit} nanoseconds of visits. */
    boolean longerThan(long limit, long current, long now) {
        if (current != value) {
            value = current;
            since = now;
            return false;
        }
        return now - since >= limit;
    }

    /** Forgets what was seen. */
    void reset() {
        value = Long.MIN_VALUE;
    }
}
