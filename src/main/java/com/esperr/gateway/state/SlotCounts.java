package com.esperr.gateway.state;

import java.util.Arrays;

/**
 * Hits counted in sixteen slots of the window. The slot that is only partly inside the window is left out, so the sum never
 * holds a hit that is too old and misses at most the first sixteenth. Confined to whoever holds its monitor.
 */
final class SlotCounts implements RollingCount {
    static final int SLOTS = 16;

    private final long millis;
    private final long slotMillis;
    private final int[] counts = new int[SLOTS];
    private long newest = Long.MIN_VALUE;

    SlotCounts(WindowLimit limit) {
        this.millis = limit.millis();
        this.slotMillis = millis / SLOTS;
    }

    @Override
    public int hit(long nowMillis) {
        long slot = Math.floorDiv(nowMillis, slotMillis);
        if (newest == Long.MIN_VALUE || slot - newest >= SLOTS || newest - slot >= SLOTS) {
            Arrays.fill(counts, 0);
            newest = slot;
        }
        for (; newest < slot; newest++) {
            counts[index(newest + 1)] = 0;
        }
        int at = index(newest);
        if (counts[at] < Integer.MAX_VALUE) {
            counts[at]++;
        }
        return sum();
    }

    @Override
    public long millis() {
        return millis;
    }

    private int sum() {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    private static int index(long slot) {
        return (int) Math.floorMod(slot, (long) SLOTS);
    }
}
