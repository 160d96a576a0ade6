package com.esperr.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What the answers to one endpoint's questions add up to; confined to one thread. The first answer counts at once, because
 * until then nothing is known.
 */
final class HealthTally {
    private final HealthConfig config;
    private boolean asked;
    private boolean up = true;
    private int others;

    HealthTally(HealthConfig config) {
        this.config = config;
    }

    /** Adds an answer, {@code trouble} being null if it was good; true if the endpoint is now up or down and was not before. */
    boolean add(@Nullable String trouble) {
        boolean good = trouble == null;
        boolean first = !asked;
        asked = true;
        if (good == up) {
            others = 0;
            return first;
        }
        others++;
        if (first || others >= (good ? config.healthy() : config.unhealthy())) {
            up = good;
            others = 0;
            return true;
        }
        return false;
    }

    boolean up() {
        return up;
    }
}
