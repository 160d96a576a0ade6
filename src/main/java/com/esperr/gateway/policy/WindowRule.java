package com.esperr.gateway.policy;

import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.WindowLimit;

/**
 * The window of one clause. Immutable. A window keeps its counts while policies are reloaded, as long as the clause, the
 * entity and the limit stay the same.
 */
final class WindowRule {
    // Not a secret: it only shortens the name of a clause.
    private static final HashSeed NAMES = new HashSeed(0, 0);

    private final WindowLimit limit;
    private final StateKey name;

    WindowRule(WindowLimit limit, String policy, String clause) {
        this.limit = limit;
        this.name = new KeyHash(NAMES)
                .add(policy)
                .add(clause)
                .add(limit.seconds())
                .add(limit.threshold())
                .key();
    }

    WindowLimit limit() {
        return limit;
    }

    /** Where the hits of the visitor with the key {@code visitor} are counted. */
    StateKey key(StateKey visitor, HashSeed seed) {
        return new KeyHash(seed)
                .add(name.high())
                .add(name.low())
                .add(visitor.high())
                .add(visitor.low())
                .key();
    }
}
