package com.esperr.gateway.request;

/**
 * What configuration says about a group of paths. Immutable.
 *
 * @param path the template as written, e.g. {@code /account/{id}}; the label in the log
 * @param tier how much is at stake
 */
public record Route(String path, Tier tier) {
    /** The route of every path that no configured one matches. */
    public static final Route ORDINARY = new Route("/**", Tier.NORMAL);
}
