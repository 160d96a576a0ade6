package com.esperr.gateway.telemetry;

import java.util.List;

/** How long many things took, by the buckets of a histogram. Immutable. */
public final class Distribution {
    /** Of nothing. */
    public static final Distribution NONE = new Distribution(List.of(), new long[0], 0);

    private final List<Double> bounds;
    private final long[] counts;
    private final long count;

    /**
     * A distribution.
     *
     * @param bounds the upper bounds, seconds, rising
     * @param counts how many took no longer than each of them; taken
     * @param count how many there are, also of those that took longer
     */
    Distribution(List<Double> bounds, long[] counts, long count) {
        this.bounds = List.copyOf(bounds);
        this.counts = counts;
        this.count = count;
    }

    /** Of how many things. */
    public long count() {
        return count;
    }

    /** Both together; of one kind only if their bounds are the same. */
    Distribution plus(Distribution other) {
        return combined(other, 1);
    }

    /** What has come since {@code before}. */
    public Distribution since(Distribution before) {
        return combined(before, -1);
    }

    private Distribution combined(Distribution other, int sign) {
        if (!bounds.equals(other.bounds)) {
            return this;
        }
        long[] combined = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            combined[i] = counts[i] + sign * other.counts[i];
        }
        return new Distribution(bounds, combined, count + sign * other.count);
    }

    /** The time in seconds within which that share was done, estimated within its bucket; NaN if there is nothing. */
    public double quantile(double share) {
        double rank = share * count;
        double lower = 0;
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] >= rank && counts[i] > below) {
                return lower + (bounds.get(i) - lower) * (rank - below) / (counts[i] - below);
            }
            lower = bounds.get(i);
            below = counts[i];
        }
        // Slower than the last bound: nothing is known but that.
        return count > 0 ? lower : Double.NaN;
    }
}
