package com.esperr.gateway.challenge;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends visitors without the pass that a route requires for one, unless they are turned away anyhow. Immutable. */
public final class RequiredPasses {
    private final @Nullable ChallengePlace place;

    /** {@code place} is where a pass is to be had; null if no route requires one. */
    public RequiredPasses(@Nullable ChallengePlace place) {
        this.place = place;
    }

    /** {@code sink}, told of a challenge where it would be told of an allow, if the route of {@code request} requires a pass. */
    public Consumer<Decision> by(RequestContext request, Consumer<Decision> sink) {
        ChallengePlace known = place;
        if (known == null || request.route().requiredLevel() == 0) {
            return sink;
        }
        return made -> sink.accept(
                made instanceof Decision.Allow && !known.leadsTo(request)
                        ? challenge(known, request, made.cause())
                        : made);
    }

    private static Decision challenge(ChallengePlace place, RequestContext request, Cause allowed) {
        return new Decision.Challenge(
                place.fill(request),
                new Cause(
                        Cause.ROUTE,
                        null,
                        null,
                        allowed.decisionId(),
                        "the route requires a pass of level " + request.route().requiredLevel(),
                        allowed.failure(),
                        allowed.observed(),
                        allowed.policies()));
    }
}
