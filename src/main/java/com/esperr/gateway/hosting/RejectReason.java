package com.esperr.gateway.hosting;

import java.util.Locale;

/** Why an answer to a challenge does not count. */
public enum RejectReason {
    /** The ticket was not made here, or for another site, or was changed. */
    UNKNOWN,
    /** The time for it is over. */
    EXPIRED,
    /** It came sooner than a browser can. */
    EARLY,
    /** It is an answer to another kind of challenge than was asked for. */
    METHOD,
    /** It is wrong. */
    WRONG,
    /** Too many answers to the challenge were wrong. */
    EXHAUSTED,
    /** It has been used by somebody else. */
    USED,
    /** The browser keeps no cookies. */
    COOKIES,
    /** Whoever could say whether it counts does not answer. */
    UNAVAILABLE;

    /** The word in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
