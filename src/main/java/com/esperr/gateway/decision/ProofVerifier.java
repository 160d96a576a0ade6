package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;
import org.jspecify.annotations.Nullable;

/** Someone who can tell whether the proof of a passed challenge counts. Thread-safe; called on event loops and never blocks one. */
@FunctionalInterface
public interface ProofVerifier {
    /**
     * Asks about one proof.
     *
     * @param deadline by when the sink is called at the latest
     * @param sink told the outcome exactly once, on the calling event loop, possibly before this returns
     * @return how to withdraw the question, or null if it has been answered already
     */
    DecisionSource.@Nullable Cancellation verify(String proof, Deadline deadline, Sink sink);

    /** Receives the one outcome; exactly one method is called, exactly once. */
    interface Sink {
        /** It counts. */
        void valid(Verified verified);

        /** It does not count. */
        void invalid();

        /** Nothing is known about it; {@code reason} has side DECISION. */
        void failed(FailureReason reason, String detail);
    }
}
