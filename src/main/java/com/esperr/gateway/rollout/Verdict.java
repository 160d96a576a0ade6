package com.esperr.gateway.rollout;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What policies say about a request. Immutable.
 *
 * @param action what is to be done
 * @param rule the policy and clause that say so, for people
 */
record Verdict(Action action, String rule) {
    /** Nothing. */
    static final Verdict SILENCE = new Verdict(Action.ALLOW, "no policy");

    static Verdict of(Decision decision) {
        Cause cause = decision.cause();
        @Nullable String policy = cause.policy();
        String rule = policy == null ? SILENCE.rule : cause.clause() == null ? policy : policy + '/' + cause.clause();
        return new Verdict(decision.action(), rule);
    }
}
