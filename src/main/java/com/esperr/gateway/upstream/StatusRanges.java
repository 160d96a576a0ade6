package com.esperr.gateway.upstream;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of status codes. Immutable. */
final class StatusRanges {
    static final String EXPECTED = "a status or a range of them, e.g. 200-299";
    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;

    private final BitSet statuses = new BitSet(HIGHEST + 1);

    private StatusRanges(List<int[]> ranges) {
        ranges.forEach(range -> statuses.set(range[0], range[1] + 1));
    }

    static StatusRanges of(List<int[]> ranges) {
        return new StatusRanges(ranges);
    }

    /** Reads {@code 200} or {@code 200-299}. */
    static int[] parse(String text) {
        if (!text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
            throw new IllegalArgumentException(text);
        }
        int from = Integer.parseInt(text.substring(0, 3));
        int to = text.length() == 3 ? from : Integer.parseInt(text.substring(4));
        if (from < LOWEST || to < from) {
            throw new IllegalArgumentException(text);
        }
        return new int[] {from, to};
    }

    boolean contains(int status) {
        return statuses.get(status);
    }

    boolean isEmpty() {
        return statuses.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StatusRanges ranges && statuses.equals(ranges.statuses);
    }

    @Override
    public int hashCode() {
        return statuses.hashCode();
    }
}
