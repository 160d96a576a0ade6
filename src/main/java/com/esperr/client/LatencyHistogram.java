package com.esperr.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Counts durations in buckets that grow with them, 32 to each power of two, so that a percentile is at most a thirty-second too high
 * and the size is fixed: 9 kB. Thread-safe. Its own code, because a library for it would be one more jar for every application.
 */
final class LatencyHistogram {
    private static final int BITS = 5;
    private static final int PER_POWER = 1 << BITS;
    private static final long LONGEST_MICROS = (1L << 36) - 1;
    private static final int BUCKETS = bucket(LONGEST_MICROS) + 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    void record(long nanos) {
        long micros = Math.min(Math.max(nanos / 1000, 0), LONGEST_MICROS);
        counts.incrementAndGet(bucket(micros));
        max.accumulate(micros);
    }

    /** The percentiles of what has been recorded so far. */
    LatencyPercentiles percentiles() {
        long[] copy = new long[BUCKETS];
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
            total += copy[i];
        }
        return new LatencyPercentiles(
                total,
                percentile(copy, total, 0.50),
                percentile(copy, total, 0.90),
                percentile(copy, total, 0.99),
                micros(max.get()));
    }

    private Duration percentile(long[] copy, long total, double share) {
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS && wanted > 0; i++) {
            seen += copy[i];
            if (seen >= wanted) {
                return micros(Math.min(highest(i), max.get()));
            }
        }
        return Duration.ZERO;
    }

    /** The bucket of a value: exact below 64, then by its top six bits. */
    static int bucket(long micros) {
        int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(micros | 1));
        return shift * PER_POWER + (int) (micros >>> shift);
    }

    /** The highest value of a bucket. */
    static long highest(int bucket) {
        int shift = Math.max(0, bucket / PER_POWER - 1);
        return ((bucket - (long) shift * PER_POWER + 1) << shift) - 1;
    }

    private static Duration micros(long value) {
        return Duration.ofNanos(value * 1000);
    }
}
