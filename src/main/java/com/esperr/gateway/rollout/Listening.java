package com.esperr.gateway.rollout;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.failure.FailureReason;
import java.util.function.Consumer;

/** Hears what policies say before it is passed on. Confined to the event loop of the request. */
final class Listening implements DecisionSink {
    private final DecisionSink next;
    private final Consumer<Verdict> said;
    private boolean told;

    Listening(DecisionSink next, Consumer<Verdict> said) {
        this.next = next;
        this.said = said;
    }

    /** Whether anything was passed on. */
    boolean told() {
        return told;
    }

    @Override
    public void decided(Decision decision) {
        told = true;
        said.accept(Verdict.of(decision));
        next.decided(decision);
    }

    @Override
    public void abstained() {
        told = true;
        said.accept(Verdict.SILENCE);
        next.abstained();
    }

    @Override
    public void abstained(Decision.Allow silence) {
        told = true;
        said.accept(Verdict.SILENCE);
        next.abstained(silence);
    }

    @Override
    public void failed(FailureReason reason, String detail) {
        told = true;
        next.failed(reason, detail);
    }
}
