package com.esperr.gateway.upstream;

import java.util.Locale;

/** What becomes of requests of unverified visitors that a saturated origin cannot take. */
public enum Surplus {
    /** Their visitors have to pass a challenge, and who has passed comes before others. */
    CHALLENGE,
    /** They wait, behind those of verified visitors. */
    QUEUE,
    /** They are answered 503 at once. */
    REFUSE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in configuration and log. */
    public String label() {
        return label;
    }
}
