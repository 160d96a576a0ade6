package com.esperr.gateway.challenge;

import org.jspecify.annotations.Nullable;

/**
 * One visitor on the way through one challenge. Immutable. Who knows the id has the session: it is random and stands only in
 * the URL that the visitor was given.
 *
 * @param id 128 random bits in hexadecimal
 * @param tenant whose visitor
 * @param returnUrl the http(s) URL that the question named and that the visitor comes back to, or null if it named none
 * @param policy the policy that ordered the challenge, or null if nobody knows
 * @param expiresAtMillis until when it can be taken, epoch milliseconds
 */
public record ChallengeSession(
        String id,
        String tenant,
        @Nullable String returnUrl,
        @Nullable String policy,
        long expiresAtMillis) {}
