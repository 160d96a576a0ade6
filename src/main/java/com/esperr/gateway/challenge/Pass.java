package com.esperr.gateway.challenge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a visitor shows for having passed a challenge. Immutable.
 *
 * @param level how much it says; a higher level satisfies a lower one
 * @param method how it was earned
 * @param issuedAtMillis when, epoch milliseconds
 * @param expiresAtMillis until when it counts, epoch milliseconds
 * @param proof of the proof that earned it
 * @param bound whose it is
 * @param token the proof itself if it will be asked about again, else null
 */
record Pass(
        int level,
        String method,
        long issuedAtMillis,
        long expiresAtMillis,
        Fingerprint proof,
        Binding.Bound bound,
        @Nullable String token) {
    /** Of whatever Esper does not say, or says in words that are not ours. */
    static final String ESPER = "esper";

    /** What a pass can be earned by. */
    static final List<String> METHODS =
            List.of(ESPER, "refresh", "button", "proof-of-work", "turnstile", "hcaptcha", "recaptcha");

    /** What any pass says at least. */
    static final int LOWEST = 1;
}
