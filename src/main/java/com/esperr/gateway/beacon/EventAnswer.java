package com.esperr.gateway.beacon;

import com.esperr.gateway.decision.Action;
import org.jspecify.annotations.Nullable;

/**
 * What Esper answers to one event that came with a 2xx. Immutable.
 *
 * @param action the active mitigation, ALLOW if there is none or it only watches; null if that is not said in words we know
 * @param decisionId Esper's id of it, or null
 * @param reason a sentence for people, or null
 * @param status the status of one among several events that was not taken, 0 if it was taken
 */
record EventAnswer(
        @Nullable Action action,
        @Nullable String decisionId,
        @Nullable String reason,
        int status) {
    /** Taken, and nothing else is said. */
    static final EventAnswer TAKEN = new EventAnswer(Action.ALLOW, null, null, 0);

    private static final int SERVER_ERROR = 500;

    /** Whether the event was taken. */
    boolean isTaken() {
        return status == 0;
    }

    /** Whether it was not taken for a reason that passes. */
    boolean isPassing() {
        return status == 401 || status == 408 || status == 429 || status >= SERVER_ERROR;
    }
}
