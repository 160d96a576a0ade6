package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with somebody until it expires. Immutable.
 *
 * @param action what
 * @param expiresAtMillis until when, epoch milliseconds
 * @param challenge where a challenge is, or null if that has to be found out when it is made
 * @param decisionId Esper's id of the decision, or null
 * @param reason a sentence for people, or null
 */
public record Mitigation(
        Action action,
        long expiresAtMillis,
        @Nullable Place challenge,
        @Nullable String decisionId,
        @Nullable String reason) {
    /** One without anything besides the action. */
    public static Mitigation of(Action action, long expiresAtMillis) {
        return new Mitigation(action, expiresAtMillis, null, null, null);
    }

    /**
     * A challenge that Esper has begun for a visitor who is to come back to one URL; it is of no use for another one.
     *
     * @param redirectUrl where it is
     * @param returnUrl stands for the URL to come back to
     */
    record Place(String redirectUrl, MitigationKey returnUrl) {}
}
