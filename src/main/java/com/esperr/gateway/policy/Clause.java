package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import org.jspecify.annotations.Nullable;

/**
 * One rule, compiled. Immutable.
 *
 * @param condition match, required actions and entity together
 * @param window how often it must have happened, or null
 * @param mode what is done
 * @param target in mode challenge, where the visitor is sent; null for {@code challenge.url}
 * @param cause what a decision of this clause says about itself; in mode monitor, with what would have been done
 */
record Clause(
        Condition condition,
        @Nullable WindowRule window,
        Mode mode,
        @Nullable ChallengeUrl target,
        Cause cause) {}
