package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * For those who hear from Esper about a request after it was decided on, such as the answer to a beacon event. Thread-safe
 * and never blocks. The key is taken while the request is at hand; it can be written down and outlives a restart as long as
 * the {@link #generation} stays the same.
 */
public interface Learning {
    /** Under what the answer about {@code request} is to be learned; called on the event loop of the request. */
    StateKey key(RequestContext request);

    /** Another number means that keys of before mean nothing any more: the secret or the inputs have changed. */
    long generation();

    /**
     * Esper has answered. Of two answers that cross, the stricter stays: one that nothing is to be done ends only what was
     * learned before {@code asOfMillis}.
     *
     * @param action the active mitigation; ALLOW if there is none or it only watches
     * @param asOfMillis a time, epoch milliseconds, before which Esper cannot have made up its mind
     * @param decisionId Esper's id of it, or null
     * @param reason a sentence for people, or null
     */
    void learned(StateKey key, Action action, long asOfMillis, @Nullable String decisionId, @Nullable String reason);
}
