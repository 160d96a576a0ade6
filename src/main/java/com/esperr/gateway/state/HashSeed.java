package com.esperr.gateway.state;

import java.security.SecureRandom;

/**
 * The secret under which keys are hashed, so that nobody outside can build two visitors that count as one. Whoever shares
 * counts shares the seed. Immutable.
 *
 * @param first the first half
 * @param second the second half
 */
public record HashSeed(long first, long second) {
    /** A seed of its own for this process. */
    public static HashSeed random() {
        SecureRandom random = new SecureRandom();
        return new HashSeed(random.nextLong(), random.nextLong());
    }

    /** The seed of one of those who share this one, such as a tenant; none can be worked out from another. */
    public HashSeed derived(String owner) {
        StateKey key = new KeyHash(this).add("seed").add(owner).key();
        return new HashSeed(key.high(), key.low());
    }

    @Override
    public String toString() {
        return "HashSeed[***]";
    }
}
