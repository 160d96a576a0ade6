package com.esperr.gateway.challenge;

/**
 * What a visitor gets a pass for. Immutable.
 *
 * @param challenge which challenge it was, by a name that no other has
 * @param method how it was passed, such as {@code proof-of-work}, which says how much that is worth
 * @param expiresAtMillis until when it counts, epoch milliseconds
 */
public record Earned(String challenge, String method, long expiresAtMillis) {}
