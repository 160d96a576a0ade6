package com.esperr.gateway.exchange;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import java.util.Locale;

/** How an exchange ended; a bounded metric label. */
public enum Outcome {
    /** The origin's response was relayed to its end. */
    FORWARDED,
    /** We answered because the request was for a path of ours, or meant for whoever is the last to receive it. */
    ANSWERED,
    /** We told a proxy that asked that it may let the request pass. */
    ALLOWED,
    /** We gave a proxy that had asked the page that goes with our answer. */
    DELIVERED,
    /** We answered with a block page. */
    BLOCKED,
    /** We answered with a redirect to a challenge. */
    CHALLENGED,
    /** We answered with a pass and a redirect to what was asked for. */
    ADMITTED,
    /** We refused the request itself. */
    REFUSED,
    /** The origin or the gateway failed. */
    FAILED,
    /** The client left first. */
    ABORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in log and metrics. */
    public String label() {
        return label;
    }

    /** What an enforced decision comes to. */
    public static Outcome of(Decision decision) {
        return switch (decision.action()) {
            case BLOCK -> BLOCKED;
            case CHALLENGE -> CHALLENGED;
            case ALLOW ->
                decision instanceof Decision.Admit
                        ? ADMITTED
                        : decision instanceof Decision.Reply ? ANSWERED : FORWARDED;
        };
    }

    /** The same for a request that a proxy asks about, and forwards itself. */
    public Outcome asTold() {
        return this == FORWARDED ? ALLOWED : this;
    }

    /** What a failure comes to. */
    public static Outcome of(FailureReason reason) {
        return switch (reason.side()) {
            case CLIENT -> reason == FailureReason.CLIENT_ABORTED ? ABORTED : REFUSED;
            case GATEWAY, ORIGIN, DECISION -> FAILED;
        };
    }
}
