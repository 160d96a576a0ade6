package com.esperr.gateway.request;

import java.util.Locale;

/** How much is at stake on a route; selects the row of the failure table. */
public enum Tier {
    /** An ordinary page: when in doubt it is served. */
    NORMAL,
    /** A login, a payment: when in doubt it is not. */
    SENSITIVE,
    /** Never asked about, always forwarded. */
    EXEMPT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in configuration, log and metrics. */
    public String label() {
        return label;
    }
}
