package com.esperr.gateway.decision;

/**
 * The moment on the injected nanosecond clock by which something must be done. Immutable.
 *
 * @param nanos a reading of the same clock, which may wrap around
 */
public record Deadline(long nanos) {
    /** How many nanoseconds are left at {@code now}; zero or less when it has passed. */
    public long remaining(long now) {
        return nanos - now;
    }
}
