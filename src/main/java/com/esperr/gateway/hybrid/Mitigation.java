package com.esperr.gateway.hybrid;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with somebody until it expires. Immutable; its texts are short, whoever wrote them.
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
    private static final int LONGEST_REASON = 512;
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_URL = 1024;

    /** Cuts the reason, and leaves out what would be of no use if it were cut. */
    public Mitigation {
        // A visitor has a hand in the URL, and as many keys as he has user agents.
        challenge = challenge == null || challenge.redirectUrl().length() > LONGEST_URL ? null : challenge;
        decisionId = decisionId == null || decisionId.length() > LONGEST_ID ? null : decisionId;
        reason = reason == null || reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }

    /** One without a place, as others than Esper's runtime API tell it. */
    public Mitigation(Action action, long expiresAtMillis, @Nullable String decisionId, @Nullable String reason) {
        this(action, expiresAtMillis, null, decisionId, reason);
    }

    /** One without anything besides the action. */
    public static Mitigation of(Action action, long expiresAtMillis) {
        return new Mitigation(action, expiresAtMillis, null, null);
    }

    /** How long its texts are together. */
    int textLength() {
        return length(challenge == null ? null : challenge.redirectUrl()) + length(decisionId) + length(reason);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /**
     * A challenge that Esper has begun for a visitor who is to come back to one URL; it is of no use for another one.
     *
     * @param redirectUrl where it is
     * @param returnUrl stands for the URL to come back to
     */
    public record Place(String redirectUrl, StateKey returnUrl) {}
}
