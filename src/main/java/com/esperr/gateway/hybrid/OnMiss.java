package com.esperr.gateway.hybrid;

/** What happens to a request about which nothing is known. */
public enum OnMiss {
    /** Esper is asked within the budget. */
    ASK,
    /** It is forwarded, and what Esper says about it later counts for the next one. */
    ALLOW
}
