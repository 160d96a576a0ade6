package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.WindowSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the policies. Confined to the event loop of the request. It runs to its end at once unless
 * a window answers later; then it stops and goes on from there, by the policies with which it began.
 *
 * <p>What is active for the visitor already is met first and ends the evaluation. Then clauses are asked in order; one
 * matches if its condition does and its window, which counts only requests that fulfil the condition, is full. The first
 * that enforces something ends the evaluation; those in mode monitor are noted, and the first of them that would have done
 * something is what would have happened. Clauses of a policy with scoring only add points; when all were asked, the points
 * decide.
 */
final class Evaluation implements WindowSink, DecisionSource.Cancellation {
    private static final int NOT_COUNTED = -1;

    private final InForce force;
    private final PolicyEngine.Terms terms;
    private final Visitor visitor;
    private final Inputs inputs;
    private Candidates candidates = Candidates.NONE;
    private final DecisionSink sink;

    private int policy;
    private int clause;
    private boolean inScope;
    private boolean matched;
    private int hits = NOT_COUNTED;
    private boolean asking;
    private boolean closed;
    private int points;
    private @Nullable List<Clause> scored;
    private @Nullable Cause observed;

    Evaluation(InForce force, PolicyEngine.Terms terms, RequestContext request, DecisionSink sink) {
        this.force = force;
        this.terms = terms;
        this.inputs = new Inputs(request, force.set().facts());
        this.visitor = new Visitor(force, terms, inputs);
        this.sink = sink;
    }

    /** Whether the sink has been told, or will not be. */
    boolean isClosed() {
        return closed;
    }

    /** The visitor, and what is active for him. */
    Visitor visitor() {
        return visitor;
    }

    /** Ends the evaluation if something is active for the visitor; else begins with the policies. */
    void start(PolicyResults results) {
        ActiveMitigation active = visitor.meets();
        if (active == null) {
            candidates = force.set().index().candidates(inputs);
            run();
            return;
        }
        Cause cause = new Cause(
                LinkedClause.SOURCE,
                active.policy(),
                active.clause(),
                active.decisionId(),
                active.reason(),
                null,
                null,
                force.set().hash());
        String ordered = active.policy();
        PolicyCounts counts = ordered == null ? null : results.of(ordered);
        if (counts != null) {
            counts.match(terms.millis().getAsLong());
        }
        enforce(active.action(), active.challengeUrl(), cause, counts);
    }

    private void run() {
        Policy[] policies = force.set().policies();
        while (policy < policies.length) {
            if (!inScope) {
                policy = force.set().index().policy(candidates, policy);
                if (policy == policies.length) {
                    break;
                }
            }
            Policy current = policies[policy];
            if (!inScope && !current.scope().matches(inputs)) {
                policy++;
                continue;
            }
            inScope = true;
            if (!ask(current.clauses(), current.scoring()) || weigh(current.scoring())) {
                return;
            }
            inScope = false;
            matched = false;
            clause = 0;
            policy++;
        }
        closed = true;
        if (observed == null) {
            sink.abstained(force.set().silence());
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
    private boolean ask(Clause[] clauses, @Nullable Scoring scoring) {
        for (; clause < clauses.length; clause++) {
            Clause current = clauses[clause];
            if (hits == NOT_COUNTED
                    && (!force.set().index().has(candidates, policy, clause)
                            || !current.condition().matches(inputs))) {
                continue;
            }
            WindowRule window = current.window();
            if (window != null) {
                if (hits == NOT_COUNTED && !count(window, current.measure().entity())) {
                    return false;
                }
                Cause about = current.cause();
                inputs.request().counted(String.valueOf(about.policy()), String.valueOf(about.clause()), hits);
                boolean full = hits >= window.limit().threshold();
                hits = NOT_COUNTED;
                if (!full) {
                    continue;
                }
            }
            if (scoring != null) {
                score(current);
            } else if (apply(current.measure(), current.cause())) {
                return false;
            }
        }
        return true;
    }

    /** Counts the request; false if the answer comes later or not at all. */
    private boolean count(WindowRule window, EntityRule entity) {
        asking = true;
        terms.windows()
                .hit(
                        window.key(visitor.key(entity), terms.seed()),
                        window.limit(),
                        inputs.request().countedAtMillis(),
                        this);
        asking = false;
        return hits != NOT_COUNTED && !closed;
    }

    private void score(Clause current) {
        List<Clause> so = scored;
        if (so == null) {
            so = new ArrayList<>();
            scored = so;
        }
        so.add(current);
        points += current.score();
    }

    /** Does what the points say, once all clauses were asked; true if that ends the evaluation. */
    private boolean weigh(@Nullable Scoring scoring) {
        List<Clause> so = scored;
        if (scoring == null || so == null) {
            return false;
        }
        int sum = points;
        scored = null;
        points = 0;
        Scoring.Threshold reached = scoring.reached(sum);
        return reached != null && apply(reached.measure(), Scoring.cause(reached, sum, so));
    }

    /** Does what is to be done; true if that ends the evaluation. */
    private boolean apply(Measure measure, Cause cause) {
        PolicyCounts counts = force.counts()[policy];
        if (!matched) {
            matched = true;
            counts.match(terms.millis().getAsLong());
        }
        if (measure.mode() == Mode.MONITOR) {
            counts.observe();
            Cause first = observed;
            if (first == null || first.observed() == null) {
                observed = cause;
            }
            return false;
        }
        Action action = measure.mode() == Mode.BLOCK ? Action.BLOCK : Action.CHALLENGE;
        String decisionId = measure.lasts() ? visitor.mitigate(measure, action, cause) : null;
        if (!measure.inline()) {
            return false;
        }
        enforce(action, measure.target(), cause(cause, decisionId), counts);
        return true;
    }

    private void enforce(Action action, @Nullable ChallengeUrl own, Cause cause, @Nullable PolicyCounts counts) {
        closed = true;
        if (action == Action.BLOCK) {
            if (counts != null) {
                counts.block();
            }
            sink.decided(new Decision.Block(cause));
            return;
        }
        ChallengePlace target = own == null ? terms.challengeUrl() : own;
        if (target == null) {
            sink.failed(
                    FailureReason.CHALLENGE_UNUSABLE,
                    cause.policy() + ": no return_url_template and no challenge.url (expected: one of them)");
            return;
        }
        if (counts != null) {
            counts.challenge();
        }
        sink.decided(new Decision.Challenge(target.fill(inputs.request(), cause.policy()), cause));
    }

    private Cause cause(Cause cause, @Nullable String decisionId) {
        Cause seen = observed;
        Action would = seen == null ? null : seen.observed();
        if (seen == null || would == null) {
            return decisionId == null ? cause : with(cause, decisionId, cause.reason(), null);
        }
        String noted = "monitored " + seen.policy() + ", " + seen.clause();
        return with(cause, decisionId, cause.reason() == null ? noted : cause.reason() + "; " + noted, would);
    }

    private static Cause with(
            Cause cause, @Nullable String decisionId, @Nullable String reason, @Nullable Action observed) {
        return new Cause(
                cause.source(), cause.policy(), cause.clause(), decisionId, reason, null, observed, cause.policies());
    }
}
