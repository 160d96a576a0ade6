package com.esperr.gateway.challenge;

import java.util.Locale;

/** What becomes of passes; of several that a visitor shows the one that is worth most counts, which is the last in this order. */
public enum PassResult {
    /** Not made under our keys, or changed on the way. */
    UNKNOWN,
    /** Good on another site or for another tenant. */
    ELSEWHERE,
    /** It was one. */
    EXPIRED,
    /** Another visitor's. */
    STRANGER,
    /** Good for less than is asked for. */
    LOW,
    /** Esper does not stand by the proof any more. */
    REVOKED,
    /** It counts. */
    VALID,
    /** A new one was made. */
    ISSUED;

    /** The word in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
