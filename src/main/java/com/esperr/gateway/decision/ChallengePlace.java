package com.esperr.gateway.decision;

import com.esperr.gateway.request.RequestContext;

/** Knows where a challenge is for a request that has to pass one. Thread-safe; called on event loops and never blocks one. */
@FunctionalInterface
public interface ChallengePlace {
    /** The URL for {@code request}: an absolute http(s) URL, or a path on the site that was asked for. */
    String fill(RequestContext request);

    /** Whether {@code request} asks for the challenge itself, so that sending it there would never end. */
    default boolean leadsTo(RequestContext request) {
        return false;
    }
}
