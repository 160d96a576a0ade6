package com.esperr.gateway.state;

import org.jspecify.annotations.Nullable;

/**
 * Hashes the parts of a key to 128 bits with SipHash-2-4 (Aumasson and Bernstein, 2012): fast on short input, and without
 * the seed nobody can find two inputs that collide. Allocates nothing but itself and the result. Confined to one thread;
 * one that is not added to any more may be begun with by several.
 */
public final class KeyHash {
    private static final int TEXT = 1;
    private static final int ABSENT = 2;

    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private int words;

    /** A hash of nothing yet. */
    public KeyHash(HashSeed seed) {
        // "somepseudorandomlygeneratedbytes", and 0xee for the 128-bit variant.
        v0 = seed.first() ^ 0x736f6d6570736575L;
        v1 = seed.second() ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = seed.first() ^ 0x6c7967656e657261L;
        v3 = seed.second() ^ 0x7465646279746573L;
    }

    /** A hash of what {@code begun} was given so far, which stays as it is. */
    public KeyHash(KeyHash begun) {
        v0 = begun.v0;
        v1 = begun.v1;
        v2 = begun.v2;
        v3 = begun.v3;
        words = begun.words;
    }

    /** Adds 64 bits. */
    public KeyHash add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
        words++;
        return this;
    }

    /** Adds a text or its absence, with its length, so that no two lists of parts are the same input. */
    public KeyHash add(@Nullable String text) {
        if (text == null) {
            return add((long) ABSENT);
        }
        int length = text.length();
        add((long) length << 8 | TEXT);
        int at = 0;
        for (; at + 4 <= length; at += 4) {
            add(text.charAt(at)
                    | (long) text.charAt(at + 1) << 16
                    | (long) text.charAt(at + 2) << 32
                    | (long) text.charAt(at + 3) << 48);
        }
        if (at < length) {
            long rest = 0;
            for (int i = length - 1; i >= at; i--) {
                rest = rest << 16 | text.charAt(i);
            }
            add(rest);
        }
        return this;
    }

    /** The hash of what was added; nothing can be added afterwards. */
    public StateKey key() {
        // The last block is the number of bytes modulo 256 in its top byte.
        add((long) (words * 8 & 0xff) << 56);
        v2 ^= 0xee;
        long first = squeeze();
        v1 ^= 0xdd;
        return new StateKey(first, squeeze());
    }

    private long squeeze() {
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
