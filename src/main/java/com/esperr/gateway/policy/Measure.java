package com.esperr.gateway.policy;

import com.esperr.gateway.decision.ChallengeUrl;
import org.jspecify.annotations.Nullable;

/**
 * What is done when a clause matches or enough points have come together. Immutable.
 *
 * @param mode what is done
 * @param mitigation its mitigation_id, or the built-in word
 * @param target in mode challenge, where the visitor is sent; null for {@code challenge.url}
 * @param lifetimeMillis how long it is then active for the visitor; 0 for this request only
 * @param inline whether the request that matched meets it
 * @param entity who the visitor is
 */
record Measure(
        Mode mode,
        String mitigation,
        @Nullable ChallengeUrl target,
        long lifetimeMillis,
        boolean inline,
        EntityRule entity) {
    /** Whether later requests of the visitor meet it. */
    boolean lasts() {
        return lifetimeMillis > 0;
    }
}
