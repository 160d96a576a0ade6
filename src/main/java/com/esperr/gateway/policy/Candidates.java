package com.esperr.gateway.policy;

import java.util.function.Consumer;

/**
 * The clauses that may match one request, as a set of bits; the others cannot. Confined to the event loop of the request.
 * Until something is added it shares the bits of those that always may.
 */
final class Candidates implements Consumer<int[]> {
    /** None, and none are added. */
    static final Candidates NONE = new Candidates(new long[0]);

    private long[] bits;
    private boolean own;

    Candidates(long[] always) {
        this.bits = always;
    }

    /** Clauses by their numbers. */
    @Override
    public void accept(int[] numbers) {
        if (!own) {
            bits = bits.clone();
            own = true;
        }
        for (int number : numbers) {
            bits[number >> 6] |= 1L << number;
        }
    }

    boolean has(int number) {
        return (bits[number >> 6] & 1L << number) != 0;
    }

    /** The first from {@code number} on, or -1. */
    int next(int number) {
        int word = number >> 6;
        if (word >= bits.length) {
            return -1;
        }
        long left = bits[word] & -1L << number;
        while (left == 0) {
            if (++word == bits.length) {
                return -1;
            }
            left = bits[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(left);
    }
}
