package com.esperr.gateway.decision;

import java.util.Locale;

/** What a failed question becomes. */
public enum FailureAction {
    /** The request is forwarded, and the origin is told so. */
    OPEN,
    /** The request is blocked. */
    CLOSED,
    /** The visitor is sent to the gateway's own challenge. */
    CHALLENGE;

    /** The word in configuration and in the table. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
