package com.esperr.gateway.exchange;

import java.util.Arrays;

/**
 * When the moments of one request were, in nanoseconds since its head was received. Confined to the event loop of the
 * exchange until it is part of a record, and not changed afterwards.
 */
public final class Timeline {
    private static final int MOMENTS = Moment.values().length;

    private final long start;
    private final long[] nanos = new long[MOMENTS];

    /** A timeline that begins at {@code start} on the nanosecond clock. */
    public Timeline(long start) {
        this.start = start;
        Arrays.fill(nanos, -1);
    }

    /** Notes that {@code moment} is at {@code now} on the same clock. */
    public void mark(Moment moment, long now) {
        nanos[moment.ordinal()] = now - start;
    }

    /** Nanoseconds from the start to {@code moment}, or -1 if it did not come. */
    public long at(Moment moment) {
        return nanos[moment.ordinal()];
    }
}
