package com.esperr.gateway.decision;

import org.jspecify.annotations.Nullable;

/**
 * What is said of a proof that counts. Immutable.
 *
 * @param expiresAtMillis until when, epoch milliseconds
 * @param method what its visitor did for it, in the words of who says so, or null
 * @param host the one host on which it counts, lower-case, or null if nobody says
 */
public record Verified(
        long expiresAtMillis,
        @Nullable String method,
        @Nullable String host) {
    /** Whether it counts on {@code site}. */
    public boolean isFor(String site) {
        return host == null || host.equals(site);
    }
}
