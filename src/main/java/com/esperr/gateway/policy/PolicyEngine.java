package com.esperr.gateway.policy;

import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.Windows;
import org.jspecify.annotations.Nullable;

/**
 * The embedded engine: decides by the policies in force. Thread-safe; a request is evaluated on its own event loop against
 * the set that was in force when it came, and with windows in memory it is answered before {@link #decide} returns.
 *
 * <p>It abstains when nothing matches. When only clauses in mode monitor match it allows, and the cause says what would have
 * been done, so it belongs at the end of a chain of sources.
 */
public final class PolicyEngine implements DecisionSource {
    /**
     * What evaluation needs besides policies. Immutable.
     *
     * @param windows where hits are counted
     * @param seed the secret under which the keys of windows are hashed; shared by all that share {@code windows}
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param challengeUrl where a challenge goes whose mitigation says nothing else, or null
     */
    public record Terms(
            Windows windows,
            HashSeed seed,
            int ipv6Prefix,
            @Nullable ChallengeUrl challengeUrl) {}

    private final Terms terms;
    private volatile PolicySet policies;

    /** An engine with {@code policies} in force. */
    public PolicyEngine(PolicySet policies, Terms terms) {
        this.policies = policies;
        this.terms = terms;
    }

    /** The policies in force. */
    public PolicySet policies() {
        return policies;
    }

    /** Puts other policies in force, for requests that come from now on. */
    public void swap(PolicySet next) {
        policies = next;
    }

    @Override
    public String name() {
        return LinkedClause.SOURCE;
    }

    @Override
    public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        Evaluation evaluation = new Evaluation(policies, terms, request, sink);
        evaluation.run();
        return evaluation.isClosed() ? null : evaluation;
    }

    @Override
    public @Nullable String trouble() {
        return terms.windows().trouble();
    }
}
