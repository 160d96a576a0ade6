package com.esperr.gateway.state;

import java.util.HexFormat;

/**
 * Under what something is kept: 128 bits of a keyed hash that stand for a rule or a visitor. Immutable. A hash instead of
 * the values themselves, because a visitor chooses those and a million keys of 32 KiB each would be his to fill memory with.
 *
 * @param high the upper half
 * @param low the lower half
 */
public record StateKey(long high, long low) {
    private static final int HALF = 16;

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static StateKey parse(String text) {
        if (text.length() != 2 * HALF) {
            throw new IllegalArgumentException("key: " + text.length() + " digits (expected: 32)");
        }
        return new StateKey(
                HexFormat.fromHexDigitsToLong(text, 0, HALF), HexFormat.fromHexDigitsToLong(text, HALF, 2 * HALF));
    }

    @Override
    public int hashCode() {
        return (int) (low ^ low >>> 32);
    }

    /** Thirty-two hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
