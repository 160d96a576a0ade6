package com.esperr.gateway.http2;

/** What one connection may still send of each kind of {@link Flood}; confined to its event loop. */
public final class FloodBudget {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final double MOST_EARNED = 100_000;
    private static final Flood[] KINDS = Flood.values();

    private final FloodAllowances allowed;
    private final double[] left = new double[KINDS.length];
    private final long[] since = new long[KINDS.length];

    /** A full one of what is {@code allowed}. */
    public FloodBudget(FloodAllowances allowed, long now) {
        this.allowed = allowed;
        for (Flood kind : KINDS) {
            left[kind.ordinal()] = allowed.of(kind).burst();
            since[kind.ordinal()] = now;
        }
    }

    /** Takes one of {@code kind}; false if there is none left. */
    public boolean spend(Flood kind, long now) {
        int i = kind.ordinal();
        double earned = (double) (now - since[i]) * allowed.of(kind).perSecond() / SECOND_NANOS;
        since[i] = now;
        left[i] = Math.min(Math.max(left[i], allowed.of(kind).burst()), left[i] + earned) - 1;
        return left[i] >= 0;
    }

    /** Adds what was earned by something useful, also beyond what may come at once. */
    public void earn(Flood kind, int count) {
        left[kind.ordinal()] = Math.min(MOST_EARNED, left[kind.ordinal()] + count);
    }
}
