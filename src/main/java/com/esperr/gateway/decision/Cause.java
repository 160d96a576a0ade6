package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Where a decision comes from. Immutable; the ones without variable parts are shared constants.
 *
 * @param source the label of who decided: {@code local}, {@code cloud}, {@code exempt}, {@code pass}, {@code bot},
 *     {@code route}, {@code load}, {@code gateway}, {@code default} or {@code failure}
 * @param policy the policy that matched, or null
 * @param clause the clause or mitigation inside that policy, or null
 * @param decisionId Esper's id of the decision, or null
 * @param reason a sentence for people, or null
 * @param failure the failed question this decision stands in for, or null
 * @param observed what a policy in mode monitor would have done had it been enforced, or null
 * @param policies the hash of the policies that were asked, or null
 */
public record Cause(
        String source,
        @Nullable String policy,
        @Nullable String clause,
        @Nullable String decisionId,
        @Nullable String reason,
        @Nullable FailureReason failure,
        @Nullable Action observed,
        @Nullable String policies) {
    /** The source of a challenge for a pass that the route requires. */
    public static final String ROUTE = "route";

    /** The source of a challenge because the origin has more to do than it can. */
    public static final String LOAD = "load";

    /** Nobody had an opinion. */
    public static final Cause DEFAULT = of("default");
    /** The route is exempt from decisions. */
    public static final Cause EXEMPT = of("exempt");

    /** The visitor has passed a challenge. */
    public static final Cause PASS = of("pass");

    /** The request is for a path of ours. */
    public static final Cause OURS = of("gateway");

    /** A cause without policies. */
    public Cause(
            String source,
            @Nullable String policy,
            @Nullable String clause,
            @Nullable String decisionId,
            @Nullable String reason,
            @Nullable FailureReason failure,
            @Nullable Action observed) {
        this(source, policy, clause, decisionId, reason, failure, observed, null);
    }

    /** A cause that is only its source. */
    public static Cause of(String source) {
        return new Cause(source, null, null, null, null, null, null);
    }

    /** The cause of a decision that stands in for an answer that did not come; a visitor is not shown {@code detail}. */
    public static Cause failed(FailureReason failure, @Nullable String detail) {
        return new Cause("failure", null, null, null, detail, failure, null);
    }
}
