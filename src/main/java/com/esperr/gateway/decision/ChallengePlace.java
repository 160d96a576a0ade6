package com.esperr.gateway.decision;

import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Knows where a challenge is for a request that has to pass one. Thread-safe; called on event loops and never blocks one. */
@FunctionalInterface
public interface ChallengePlace {
    /** The URL for {@code request}: an absolute http(s) URL, or a path on the site that was asked for. */
    String fill(RequestContext request);

    /**
     * The same for a challenge that a policy orders, if whoever has the place wants to know which.
     *
     * @param policy its id, or null if nobody knows
     */
    default String fill(RequestContext request, @Nullable String policy) {
        return fill(request);
    }

    /** Whether {@code request} asks for the challenge itself, so that sending it there would never end. */
    default boolean leadsTo(RequestContext request) {
        return false;
    }
}
