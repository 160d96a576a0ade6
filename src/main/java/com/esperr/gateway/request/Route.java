package com.esperr.gateway.request;

/**
 * What configuration says about a group of paths. Immutable.
 *
 * @param path the template as written, e.g. {@code /account/{id}}; the label in the log
 * @param tier how much is at stake
 * @param requiredLevel how much a visitor's pass must say, 0 if he needs none
 */
public record Route(String path, Tier tier, int requiredLevel) {
    /** How much a pass can say at the most. */
    public static final int HIGHEST_LEVEL = 3;

    /** The route of every path that no configured one matches. */
    public static final Route ORDINARY = new Route("/**", Tier.NORMAL, 0);
}
