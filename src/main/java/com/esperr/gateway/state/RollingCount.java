package com.esperr.gateway.state;

/** The hits of one key; confined to whoever holds its monitor. The two forms are chosen by {@link #of}. */
sealed interface RollingCount permits RecentHits, SlotCounts {
    /** Up to this threshold every hit is remembered; above, memory per key stays the same and slots are counted. */
    int EXACT_THRESHOLD = 64;

    /** An empty count. */
    static RollingCount of(WindowLimit limit) {
        return limit.threshold() <= EXACT_THRESHOLD ? new RecentHits(limit) : new SlotCounts(limit);
    }

    /** Counts a hit and returns how many are in the window, at the most the threshold or more. */
    int hit(long nowMillis);

    /** How long the count means something after its last hit. */
    long millis();
}
