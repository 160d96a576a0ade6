package com.esperr.gateway.hybrid;

import java.util.HexFormat;

/**
 * Under what a mitigation is remembered: 128 bits of a keyed hash, so that the store holds nothing about a visitor and no
 * visitor can fill it with long names. Immutable.
 *
 * @param high the upper half
 * @param low the lower half
 */
public record MitigationKey(long high, long low) {
    private static final int HALF = 16;

    /**
     * Reads the form that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static MitigationKey parse(String text) {
        if (text.length() != 2 * HALF) {
            throw new IllegalArgumentException("key: " + text.length() + " digits (expected: 32)");
        }
        return new MitigationKey(
                HexFormat.fromHexDigitsToLong(text, 0, HALF), HexFormat.fromHexDigitsToLong(text, HALF, 2 * HALF));
    }

    @Override
    public int hashCode() {
        return (int) (low ^ low >>> 32);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
