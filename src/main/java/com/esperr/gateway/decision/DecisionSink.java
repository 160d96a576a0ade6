package com.esperr.gateway.decision;

import com.esperr.gateway.failure.FailureReason;

/**
 * Receives the one outcome of a question. Exactly one method is called, exactly once, on the event loop that asked,
 * possibly before the call that asked has returned.
 */
public interface DecisionSink {
    /** The source has decided. */
    void decided(Decision decision);

    /** The source has decided by an answer it was given for an earlier request; nothing new is known by it. */
    default void decidedBefore(Decision decision) {
        decided(decision);
    }

    /** The source has no opinion; the next one is asked. */
    void abstained();

    /** The source has no opinion, and if nobody else has one, {@code silence} says who had none. */
    default void abstained(Decision.Allow silence) {
        abstained();
    }

    /** The question failed; {@code reason} has side DECISION. A failed question is never an answer. */
    void failed(FailureReason reason, String detail);
}
