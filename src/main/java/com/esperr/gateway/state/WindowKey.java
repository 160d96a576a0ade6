package com.esperr.gateway.state;

/**
 * Whose hits are counted together: 128 bits that stand for a rule and what it groups by. Immutable. A hash instead of the
 * values themselves, because a visitor chooses those and a million keys of 32 KiB each would be his to fill memory with.
 *
 * @param high the upper half
 * @param low the lower half
 */
public record WindowKey(long high, long low) {
    @Override
    public int hashCode() {
        return (int) (low ^ low >>> 32);
    }
}
