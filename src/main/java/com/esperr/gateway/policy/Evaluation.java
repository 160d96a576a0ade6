package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.WindowSink;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the policies. Confined to the event loop of the request. It runs to its end at once unless
 * a window answers later; then it stops and goes on from there.
 *
 * <p>Clauses are asked in order; one matches if its condition does and its window, which counts only requests that fulfil
 * the condition, is full. The first that enforces something ends the evaluation; those in mode monitor are noted, and the
 * first of them is what would have happened.
 */
final class Evaluation implements WindowSink, DecisionSource.Cancellation {
    private static final int NOT_COUNTED = -1;

    private final PolicySet set;
    private final PolicyEngine.Terms terms;
    private final Inputs inputs;
    private final DecisionSink sink;

    private int policy;
    private int clause;
    private boolean inScope;
    private int hits = NOT_COUNTED;
    private boolean asking;
    private boolean closed;
    private @Nullable Cause observed;

    Evaluation(PolicySet set, PolicyEngine.Terms terms, RequestContext request, DecisionSink sink) {
        this.set = set;
        this.terms = terms;
        this.inputs = new Inputs(request, set.facts());
        this.sink = sink;
    }

    /** Whether the sink has been told, or will not be. */
    boolean isClosed() {
        return closed;
    }

    /** Evaluates until the end or until a window has to answer. */
    void run() {
        Policy[] policies = set.policies();
        while (policy < policies.length) {
            Policy current = policies[policy];
            if (!inScope && !current.scope().matches(inputs)) {
                policy++;
                continue;
            }
            inScope = true;
            if (!ask(current.clauses())) {
                return;
            }
            inScope = false;
            clause = 0;
            policy++;
        }
        closed = true;
        if (observed == null) {
            sink.abstained();
        } else {
            sink.decided(new Decision.Allow(observed));
        }
    }

    @Override
    public void counted(int count) {
        hits = count;
        if (!asking && !closed) {
            run();
        }
    }

    @Override
    public void failed(String detail) {
        if (!closed) {
            closed = true;
            sink.failed(FailureReason.DECISION_CONNECT, detail);
        }
    }

    @Override
    public void cancel() {
        closed = true;
    }

    /** Asks the clauses from the current one on; false if the evaluation has ended or has to wait. */
    private boolean ask(Clause[] clauses) {
        for (; clause < clauses.length; clause++) {
            Clause current = clauses[clause];
            if (hits == NOT_COUNTED && !current.condition().matches(inputs)) {
                continue;
            }
            WindowRule window = current.window();
            if (window != null) {
                if (hits == NOT_COUNTED && !count(window)) {
                    return false;
                }
                boolean full = hits >= window.limit().threshold();
                hits = NOT_COUNTED;
                if (!full) {
                    continue;
                }
            }
            if (apply(current)) {
                return false;
            }
        }
        return true;
    }

    /** Counts the request; false if the answer comes later or not at all. */
    private boolean count(WindowRule window) {
        asking = true;
        terms.windows()
                .hit(
                        window.key(inputs, terms.seed(), terms.ipv6Prefix()),
                        window.limit(),
                        inputs.request().observedAtMillis(),
                        this);
        asking = false;
        return hits != NOT_COUNTED && !closed;
    }

    /** Does what the clause says; true if that ends the evaluation. */
    private boolean apply(Clause current) {
        switch (current.mode()) {
            case MONITOR -> {
                if (observed == null) {
                    observed = current.cause();
                }
                return false;
            }
            case BLOCK -> {
                closed = true;
                sink.decided(new Decision.Block(cause(current)));
            }
            case CHALLENGE -> {
                closed = true;
                challenge(current);
            }
        }
        return true;
    }

    private void challenge(Clause current) {
        ChallengeUrl target = current.target() == null ? terms.challengeUrl() : current.target();
        if (target == null) {
            sink.failed(
                    FailureReason.CHALLENGE_UNUSABLE,
                    current.cause().policy() + ": no return_url_template and no challenge.url (expected: one of them)");
            return;
        }
        sink.decided(new Decision.Challenge(target.fill(inputs.request()), cause(current)));
    }

    private Cause cause(Clause current) {
        Cause cause = current.cause();
        Cause seen = observed;
        if (seen == null) {
            return cause;
        }
        String noted = "monitored " + seen.policy() + ", " + seen.clause();
        String reason = cause.reason() == null ? noted : cause.reason() + "; " + noted;
        return new Cause(cause.source(), cause.policy(), cause.clause(), null, reason, null, seen.observed());
    }
}
