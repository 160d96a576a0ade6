package com.esperr.gateway.decision;

import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Someone who can decide on a request. Thread-safe; called on event loops and never blocks one. */
public interface DecisionSource {
    /** The label in logs and metrics, e.g. {@code local}. */
    String name();

    /**
     * Asks for a decision.
     *
     * @param deadline by when the sink is called at the latest
     * @param sink told the outcome exactly once, on the calling event loop
     * @return how to withdraw the question, or null if it has been answered already
     */
    @Nullable
    Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink);

    /** Null if questions can be answered now, else one sentence on what is wrong, for readiness. */
    @Nullable
    String trouble();

    /** Whether a question costs a call to a service, of which somebody who has passed a challenge is spared. */
    default boolean calls() {
        return false;
    }

    /** Withdraws a question; the sink is not called afterwards. Calling it again, or too late, does nothing. */
    interface Cancellation {
        /** Withdraws. Called on the event loop that asked. */
        void cancel();
    }
}
