package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import java.util.concurrent.TimeUnit;

/** What one set of policies says about one request after the other, on state and a clock of its own. Confined to one thread. */
final class Verdicts implements DecisionSink, AutoCloseable {
    private static final Deadline AT_ONCE = new Deadline(0);

    private final PolicyEngine engine;
    private long now;
    private Recorded.Said said = Recorded.Said.NOTHING;

    Verdicts(PolicySet policies, Replay.Limits limits, ChallengePlace challenge) {
        this.engine = new PolicyEngine(
                policies,
                new PolicyEngine.Terms(
                        PolicyEngine.Terms.EMBEDDED,
                        new MemoryWindows(limits.windows(), () -> TimeUnit.MILLISECONDS.toNanos(now)),
                        new MemoryReplicated<>(limits.mitigations(), () -> now),
                        new HashSeed(1, 2),
                        limits.ipv6Prefix(),
                        challenge,
                        () -> now));
    }

    /** It is that late now; the time never goes back. */
    void at(long millis) {
        now = Math.max(now, millis);
    }

    /** What is said about {@code request}, which was told {@link #at}. */
    Recorded.Said of(RequestContext request) {
        said = Recorded.Said.NOTHING;
        engine.decide(request, AT_ONCE, this);
        return said;
    }

    @Override
    public void decided(Decision decision) {
        Cause cause = decision.cause();
        said = new Recorded.Said(decision.action(), cause.policy(), cause.clause());
    }

    @Override
    public void abstained() {
        said = Recorded.Said.NOTHING;
    }

    @Override
    public void failed(FailureReason reason, String detail) {
        throw new IllegalStateException(reason.label() + ": " + detail);
    }

    @Override
    public void close() {
        engine.close();
    }
}
