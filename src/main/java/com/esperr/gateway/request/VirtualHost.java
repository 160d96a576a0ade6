package com.esperr.gateway.request;

import org.jspecify.annotations.Nullable;

/**
 * What is different for the visitors of one site. Immutable.
 *
 * @param origin which group of origins has its application; 0 is section {@code origin}, the others follow by name
 * @param routes its groups of paths
 * @param enforcement what is made of decisions
 * @param policies the name of the set that decides here, or null for the one that everybody has who names none
 * @param source the gateway's name in what Esper and policies are told, or null for its usual one
 */
public record VirtualHost(
        int origin,
        Routes routes,
        Enforcement enforcement,
        @Nullable String policies,
        @Nullable String source) {
    /** What is made of the decisions about requests to one site. */
    public enum Enforcement {
        /** They are carried out, unless the gateway is in mode monitor. */
        FULL,
        /** They are made, counted and logged. */
        MONITOR,
        /** None are made. */
        NONE
    }

    private static final VirtualHost ORDINARY = new VirtualHost(0, Routes.NONE, Enforcement.FULL, null, null);

    /** The site of those who have configured none. */
    static VirtualHost only(Routes routes) {
        return routes == Routes.NONE ? ORDINARY : new VirtualHost(0, routes, Enforcement.FULL, null, null);
    }

    /** How a policy of this site is called where those of all sites meet. */
    public String label(String policy) {
        return policies == null ? policy : policies + '/' + policy;
    }

    /** The route of a request for the normalised {@code path}. */
    Routes.Match match(String method, String path) {
        Routes.Match match = routes.match(method, path);
        return enforcement == Enforcement.NONE
                ? new Routes.Match(new Route(match.route().path(), Tier.EXEMPT, 0), match.parameters())
                : match;
    }
}
