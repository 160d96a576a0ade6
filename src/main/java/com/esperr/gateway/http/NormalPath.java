package com.esperr.gateway.http;

/**
 * The one form of a path. Both members say the same path; they are the same instance if nothing in it is percent-encoded. Immutable.
 *
 * @param forward what goes to the origin, percent-encoded, beginning with a slash
 * @param decide what policies are matched against: {@code forward} with every triplet decoded, as UTF-8
 */
public record NormalPath(String forward, String decide) implements PathResult {}
