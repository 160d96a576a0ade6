package com.esperr.gateway.policy;

import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.Windows;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
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
     * @param tenant whose requests are decided; visitors of two tenants never meet, although they share the stores
     * @param windows where hits are counted
     * @param mitigations what is active for whom
     * @param seed the secret of all that share the stores; the tenant's own is derived from it
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param challengeUrl where a challenge goes whose mitigation says nothing else, or null
     * @param millis the clock of lifetimes, epoch milliseconds
     */
    public record Terms(
            String tenant,
            Windows windows,
            Replicated<ActiveMitigation> mitigations,
            HashSeed seed,
            int ipv6Prefix,
            @Nullable ChallengeUrl challengeUrl,
            LongSupplier millis) {
        /** The tenant of an engine inside a gateway. */
        public static final String EMBEDDED = "default";

        /** The same for the tenant alone: its seed. */
        Terms own() {
            return new Terms(tenant, windows, mitigations, seed.derived(tenant), ipv6Prefix, challengeUrl, millis);
        }
    }

    private final Terms terms;
    private final LongAdder errorsBefore = new LongAdder();
    private volatile PolicySet policies;

    /** An engine with {@code policies} in force. */
    public PolicyEngine(PolicySet policies, Terms terms) {
        this.policies = policies;
        this.terms = terms.own();
    }

    /** The policies in force. */
    public PolicySet policies() {
        return policies;
    }

    /** Puts other policies in force, for requests that come from now on. */
    public synchronized void swap(PolicySet next) {
        errorsBefore.add(policies.conditionErrors());
        policies = next;
    }

    /** How many expressions could not be evaluated, and counted as not fulfilled. */
    public long conditionErrors() {
        return errorsBefore.sum() + policies.conditionErrors();
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

    /**
     * Shows a request to the policies like {@link #decide}, and also says what is active for its visitor afterwards.
     *
     * @param deadline by when the sink is called at the latest
     * @return how to withdraw the question, or null if it has been answered already
     */
    public @Nullable Cancellation analyse(RequestContext request, Deadline deadline, AnalysisSink sink) {
        String hash = policies.hash();
        return decide(request, deadline, new DecisionSink() {
            @Override
            public void decided(Decision decision) {
                sink.analysed(new Analysis(decision, null, null, hash));
            }

            @Override
            public void abstained() {
                sink.analysed(new Analysis(null, null, null, hash));
            }

            @Override
            public void failed(FailureReason reason, String detail) {
                sink.failed(reason, detail);
            }
        });
    }

    @Override
    public @Nullable String trouble() {
        return terms.windows().trouble();
    }
}
