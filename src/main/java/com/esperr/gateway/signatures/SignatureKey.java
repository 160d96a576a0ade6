package com.esperr.gateway.signatures;

import java.security.Key;

/**
 * A key and the one algorithm it is for: what a signature says about its algorithm never chooses how it is verified. Immutable.
 *
 * @param id its name: the thumbprint of RFC 7638 for keys of a directory
 * @param algorithm what it is for
 * @param key a public key, or a secret for {@link SignatureAlgorithm#HMAC_SHA256}
 * @param notBefore when it begins to count, in seconds since 1970
 * @param notAfter when it ends
 */
public record SignatureKey(String id, SignatureAlgorithm algorithm, Key key, long notBefore, long notAfter) {
    /** A key that counts at any time. */
    public SignatureKey(String id, SignatureAlgorithm algorithm, Key key) {
        this(id, algorithm, key, 0, Long.MAX_VALUE);
    }

    /** Whether it counts at {@code seconds} since 1970. */
    public boolean countsAt(long seconds) {
        return notBefore <= seconds && seconds < notAfter;
    }

    /**
     * Whether the owner of this key made {@code signature} of {@code message}.
     *
     * @throws BadSignature if {@code message} does not have what is covered
     */
    public boolean verifies(MessageSignature signature, SignedMessage message) {
        String claimed = signature.algorithm();
        return (claimed == null || claimed.equals(algorithm.label()))
                && algorithm.verifies(key, signature.base(message), signature.bytes());
    }

    @Override
    public String toString() {
        return id + " (" + algorithm.label() + ")";
    }
}
