package com.esperr.gateway.esper;

import org.jspecify.annotations.Nullable;

/** The values found in one answer, of which the one with the lowest rank counts; confined to one thread. */
final class FoundKeys {
    private static final int SLOTS = KeyTree.Slot.values().length;

    private final @Nullable String[] values = new @Nullable String[SLOTS];
    private final int[] ranks = new int[SLOTS];
    // One bit for each rank seen: the same key twice, in whatever case, is no answer.
    private final long[] seen = new long[SLOTS];

    /** Keeps the value unless a better one is known; false if this very key has been there before. */
    boolean put(KeyTree.Slot slot, int rank, String value) {
        int i = slot.ordinal();
        long bit = 1L << rank;
        if ((seen[i] & bit) != 0) {
            return false;
        }
        seen[i] |= bit;
        if (values[i] == null || rank < ranks[i]) {
            values[i] = value;
            ranks[i] = rank;
        }
        return true;
    }

    @Nullable
    String first(KeyTree.Slot slot) {
        return values[slot.ordinal()];
    }
}
