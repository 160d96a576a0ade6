package com.esperr.gateway.beacon;

import org.jspecify.annotations.Nullable;

/**
 * What became of an event that was handed to the publisher, for good. Immutable.
 *
 * @param spooled the event
 * @param refusal why Esper refused it, or null if Esper has taken it
 */
record Settlement(Spooled spooled, @Nullable Refusal refusal) {
    /**
     * An answer that will not change.
     *
     * @param status of the answer
     * @param excerpt of its body, legible and without secrets
     */
    record Refusal(int status, String excerpt) {}
}
