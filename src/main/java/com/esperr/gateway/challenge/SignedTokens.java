package com.esperr.gateway.challenge;

import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What tokens say whose signature was found right a while ago, so that a visitor's next request need not prove it once more; whether the
 * token still counts, and for this visitor, is another question and asked each time. Thread-safe and bounded: a token takes the place of
 * another, and one that is not here is verified again. Only whoever has a token finds it: it is compared in constant time.
 */
final class SignedTokens {
    /** A power of two; about three megabytes when all are taken. */
    private static final int PLACES = 4096;

    /** So many bytes of its end say where a token is kept: they are of its signature, and as good as drawn by lot. */
    private static final int TAIL = 4;

    private final AtomicReferenceArray<@Nullable Kept> places = new AtomicReferenceArray<>(PLACES);

    /**
     * What a token says that its issuer has signed. Immutable.
     *
     * @param level how much the pass says
     * @param scope for which tenant and host it is
     * @param host one of which that is true
     * @param proofToken the proof itself if it will be asked about again, else null
     */
    record Signed(
            int level,
            long issuedAtMillis,
            long expiresAtMillis,
            Fingerprint scope,
            String host,
            Fingerprint proof,
            Binding.Bound bound,
            String method,
            @Nullable String proofToken) {}

    /** A token and what it says. */
    private static final class Kept {
        private final byte[] token;
        private final Signed signed;

        Kept(byte[] token, Signed signed) {
            this.token = token;
            this.signed = signed;
        }
    }

    /** What {@code token} says, or null if that is not known. */
    @Nullable
    Signed find(byte[] token) {
        Kept kept = token.length < TAIL ? null : places.get(place(token));
        return kept != null && MessageDigest.isEqual(kept.token, token) ? kept.signed : null;
    }

    /** The signature of {@code token}, which is kept, is right. */
    void remember(byte[] token, Signed signed) {
        places.set(place(token), new Kept(token, signed));
    }

    private static int place(byte[] token) {
        int hash = 0;
        for (int i = token.length - TAIL; i < token.length; i++) {
            hash = hash * 31 + token[i];
        }
        return (hash ^ hash >>> 12) & (PLACES - 1);
    }
}
