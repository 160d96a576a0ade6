package com.esperr.gateway.beacon;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.hybrid.Learning;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What is made of Esper's answers: they are counted by what they tell, and learned where somebody does. Confined to the
 * publisher's event loop.
 */
final class Lessons {
    private final @Nullable Learning learning;
    private final BeaconCounts counts;
    private final ServiceNotes notes;

    Lessons(@Nullable Learning learning, BeaconCounts counts, ServiceNotes notes) {
        this.learning = learning;
        this.counts = counts;
        this.notes = notes;
    }

    /** Esper has taken {@code event} and says this about whoever caused it. */
    void learn(Spooled event, EventAnswer answer) {
        Action action = answer.action();
        counts.addAnswer(action);
        if (action == null) {
            notes.unknownDecision();
            return;
        }
        StateKey key = event.key();
        if (learning != null && key != null) {
            // As of when it was stored, not of when it was sent: a repeated event may get the answer to the first
            // delivery.
            learning.learned(key, action, event.storedMillis(), answer.decisionId(), answer.reason());
        }
    }
}
