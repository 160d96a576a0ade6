package com.esperr.gateway.state;

import java.util.Arrays;

/**
 * The times of the last hits, never more than the threshold: all that is needed to know exactly whether the window is full.
 * Starts small, because most visitors come once. Confined to whoever holds its monitor.
 */
final class RecentHits implements RollingCount {
    private static final int FIRST_CAPACITY = 4;

    private final long millis;
    private final int threshold;
    /* A ring, ascending from the oldest. */
    private long[] times;
    private int oldest;
    private int size;

    RecentHits(WindowLimit limit) {
        this.millis = limit.millis();
        this.threshold = limit.threshold();
        this.times = new long[Math.min(FIRST_CAPACITY, threshold)];
    }

    @Override
    public int hit(long nowMillis) {
        long now = nowMillis;
        if (size > 0) {
            long newest = times[(oldest + size - 1) % times.length];
            if (newest - now >= millis) {
                size = 0;
            } else {
                now = Math.max(now, newest);
            }
        }
        forget(now - millis);
        append(now);
        return size;
    }

    @Override
    public long millis() {
        return millis;
    }

    private void forget(long until) {
        while (size > 0 && times[oldest] <= until) {
            oldest = (oldest + 1) % times.length;
            size--;
        }
    }

    private void append(long now) {
        if (size == times.length) {
            if (size == threshold) {
                oldest = (oldest + 1) % times.length;
                size--;
            } else {
                grow();
            }
        }
        times[(oldest + size) % times.length] = now;
        size++;
    }

    private void grow() {
        long[] larger = Arrays.copyOf(times, Math.min(threshold, times.length * 2));
        for (int i = 0; i < size; i++) {
            larger[i] = times[(oldest + i) % times.length];
        }
        times = larger;
        oldest = 0;
    }
}
