package com.esperr.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a visitor has passed a challenge. Immutable.
 *
 * @param valid true only if Esper said so
 * @param expiresAt until when it may be believed without asking again; null if it is not valid
 */
public record ProofVerification(boolean valid, @Nullable Instant expiresAt) {
    static final ProofVerification INVALID = new ProofVerification(false, null);
}
