package com.esperr.gateway.cloud;

import java.util.Locale;

/** What the breaker does with questions; a bounded metric label. */
public enum BreakerState {
    /** All are asked. */
    CLOSED,
    /** A few are asked, to see whether the service is back. */
    HALF_OPEN,
    /** None is asked. */
    OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in log and metrics. */
    public String label() {
        return label;
    }
}
