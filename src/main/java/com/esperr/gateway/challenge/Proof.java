package com.esperr.gateway.challenge;

/**
 * What a proof says. Immutable.
 *
 * @param tenant whose visitor passed
 * @param host the one host on which it counts, lower-case: the one that he was sent back to
 * @param session in which session
 * @param method what had to be done, such as {@code button}
 * @param issuedAtMillis when, epoch milliseconds
 * @param expiresAtMillis until when it counts, epoch milliseconds
 * @param nonce 128 random bits in hexadecimal, which no other proof has
 */
public record Proof(
        String tenant,
        String host,
        String session,
        String method,
        long issuedAtMillis,
        long expiresAtMillis,
        String nonce) {}
