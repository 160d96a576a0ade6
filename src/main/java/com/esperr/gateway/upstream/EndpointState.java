package com.esperr.gateway.upstream;

import java.util.Locale;

/** Whether an endpoint gets requests. */
public enum EndpointState {
    /** It does. */
    UP,
    /** It does, but takes no connections. */
    FAILING,
    /** Too many failed in a row; it does again after a while. */
    EJECTED,
    /** It fails the questions about its health. */
    DOWN;

    /** Whether it gets requests. */
    public boolean getsRequests() {
        return this == UP || this == FAILING;
    }

    /** The word in metrics and for operators. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
