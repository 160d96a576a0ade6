package com.esperr.gateway.state;

/**
 * How many hits in how many seconds make a window full. Immutable.
 *
 * @param seconds the length of the window, 1..{@value #MAX_SECONDS}
 * @param threshold the number of hits, 1..{@value #MAX_THRESHOLD}
 */
public record WindowLimit(int seconds, int threshold) {
    /** The longest window: one day. */
    public static final int MAX_SECONDS = 86_400;
    /** The highest threshold. */
    public static final int MAX_THRESHOLD = 1_000_000;

    public WindowLimit {
        require("seconds", seconds, MAX_SECONDS);
        require("threshold", threshold, MAX_THRESHOLD);
    }

    /** The length in milliseconds. */
    public long millis() {
        return seconds * 1000L;
    }

    private static void require(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1.." + max + ")");
        }
    }
}
