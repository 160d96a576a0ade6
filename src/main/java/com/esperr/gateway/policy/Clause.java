package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule, compiled. Immutable.
 *
 * @param condition match, required actions and entity together
 * @param window how often it must have happened, or null
 * @param score the points it adds, in a policy with scoring; there {@code measure} is never taken
 * @param measure what is done
 * @param tests what the condition is made of, for explanations
 * @param cause what a decision of this clause says about itself; in mode monitor, with what would have been done
 */
record Clause(
        Condition condition,
        @Nullable WindowRule window,
        int score,
        Measure measure,
        List<ClauseTest> tests,
        Cause cause) {}
