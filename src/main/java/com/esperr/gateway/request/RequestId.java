package com.esperr.gateway.request;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The random identity of one request: 128 bits of which the short reference shows 50. Immutable. It identifies, it does
 * not authenticate, so it is drawn from the thread's ordinary generator.
 *
 * @param high the upper half
 * @param low the lower half
 */
record RequestId(long high, long low) {
    // Crockford's alphabet: no I, L, O, U, so that a reference survives being read out on the telephone.
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int REFERENCE_LENGTH = 10;

    static RequestId random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new RequestId(random.nextLong(), random.nextLong());
    }

    /** The one of which {@code uuid} was made, as far as its reference goes. */
    static RequestId of(UUID uuid) {
        return new RequestId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** Ten characters of Crockford's base 32. */
    String reference() {
        char[] text = new char[REFERENCE_LENGTH];
        long bits = low;
        for (int i = 0; i < REFERENCE_LENGTH; i++) {
            text[i] = ALPHABET[(int) (bits & 31)];
            bits >>>= 5;
        }
        return new String(text);
    }

    /** A version 4 UUID (RFC 9562 section 5.4). */
    UUID uuid() {
        return new UUID((high & 0xFFFFFFFFFFFF0FFFL) | 0x4000L, (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    }
}
