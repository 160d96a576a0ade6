package com.esperr.gateway.decision;

import java.util.Locale;

/** The three things Esper can say about a request. */
public enum Action {
    /** Forward it. */
    ALLOW,
    /** Send the visitor to a challenge. */
    CHALLENGE,
    /** Answer 403. */
    BLOCK;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in Esper's vocabulary, also the metric label. */
    public String label() {
        return label;
    }
}
