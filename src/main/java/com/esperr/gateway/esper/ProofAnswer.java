package com.esperr.gateway.esper;

import org.jspecify.annotations.Nullable;

/**
 * What an answer says of a proof that counts. Immutable.
 *
 * @param expiresAtMillis until when, epoch milliseconds
 * @param method what its visitor did for it, or null; only our own server says
 * @param returnHost the host that its visitor was sent back to, lower-case, or null; only our own server says
 */
public record ProofAnswer(
        long expiresAtMillis,
        @Nullable String method,
        @Nullable String returnHost) {}
