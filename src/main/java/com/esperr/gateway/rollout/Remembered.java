package com.esperr.gateway.rollout;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.failure.FailureReason;
import org.jspecify.annotations.Nullable;

/** Keeps what policies say, and nobody else hears it. Confined to the event loop of the request. */
final class Remembered implements DecisionSink {
    private @Nullable Verdict verdict;

    /** What they said, or null if they could not. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    @Override
    public void decided(Decision decision) {
        verdict = Verdict.of(decision);
    }

    @Override
    public void abstained() {
        verdict = Verdict.SILENCE;
    }

    @Override
    public void failed(FailureReason reason, String detail) {
        // Nothing is compared with it.
    }
}
