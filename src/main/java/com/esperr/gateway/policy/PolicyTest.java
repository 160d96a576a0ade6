package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.RequestDescription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request and what the policies must say about it, as an element of {@code tests} describes it. Confined to the thread that
 * loads.
 *
 * @param name what people call it, and where it stands
 * @param request the request; only its time is changed
 * @param repeat how often it comes; what is expected is said about the last
 * @param every how much later each comes than the one before
 * @param expect what is expected
 */
record PolicyTest(Written name, RequestDescription request, int repeat, Duration every, Expectation expect) {
    /**
     * What must be said.
     *
     * @param policy whose decision it must be, or null for anybody's
     * @param clause by which clause, or null for any
     */
    record Expectation(
            Action action,
            @Nullable String policy,
            @Nullable String clause) {
        /** Whether it is what was said. */
        boolean isMet(Expectation got) {
            return action == got.action
                    && (policy == null || policy.equals(got.policy))
                    && (clause == null || clause.equals(got.clause));
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(action.label());
            if (policy != null) {
                text.append(" by policy ").append(policy);
            }
            if (clause != null) {
                text.append(policy == null ? " by" : ",").append(" clause ").append(clause);
            }
            return text.toString();
        }
    }
}
