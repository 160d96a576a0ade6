package com.esperr.gateway.upstream;

import java.util.Locale;

/** Whether an endpoint gets requests. */
public enum EndpointState {
    /** It does. */
    UP,
    /** Too many failed in a row; it does again after a while. */
    EJECTED,
    /** It fails the questions about its health. */
    DOWN;

    /** The word in metrics and for operators. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
