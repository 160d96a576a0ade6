package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import com.esperr.gateway.upstream.Intake;
import com.esperr.gateway.upstream.Rank;
import com.esperr.gateway.upstream.Surplus;
import com.esperr.gateway.upstream.Upstream;
import com.esperr.gateway.upstream.Upstreams;
import org.jspecify.annotations.Nullable;

/** Makes room for verified visitors at an origin that has more to do than it can. Immutable. */
final class Overload {
    private final @Nullable ChallengePlace place;
    private final Admission admission;

    /**
     * For requests that {@code admission} lets through.
     *
     * @param place where others are sent, or null if there is no challenge
     */
    Overload(@Nullable ChallengePlace place, Admission admission) {
        this.place = place;
        this.admission = admission;
    }

    /** {@code made}, or a challenge where {@code upstream} is saturated and verified visitors come first. */
    Decision weighed(Decision made, RequestContext request, Upstream upstream) {
        Intake intake = upstream.intake();
        return intake == null || !(made instanceof Decision.Allow) || !intake.crowded()
                ? made
                : pressed(made, request, intake);
    }

    /** {@code made} is carried out, and {@code request} does not come to where {@code upstreams} would lead it. */
    void spared(Decision made, RequestContext request, Upstreams upstreams) {
        if (Cause.LOAD.equals(made.cause().source())) {
            Intake intake = upstreams.of(request).intake();
            if (intake != null) {
                intake.challenge();
            }
        }
    }

    private Decision pressed(Decision made, RequestContext request, Intake intake) {
        ChallengePlace known = place;
        if (request.tier() == Tier.EXEMPT) {
            // Never challenged; but what belongs to the page of somebody with a pass comes as early as the page.
            admission.recognise(request);
            return made;
        }
        if (known == null
                || intake.surplus() != Surplus.CHALLENGE
                || Rank.of(request) == Rank.VERIFIED
                || request.bot().spared()
                || known.leadsTo(request)) {
            return made;
        }
        Cause allowed = made.cause();
        return new Decision.Challenge(
                known.fill(request),
                new Cause(
                        Cause.LOAD,
                        null,
                        null,
                        allowed.decisionId(),
                        "the origin is saturated: " + intake.underWay() + " requests there, the limit is "
                                + intake.limit(),
                        allowed.failure(),
                        allowed.observed(),
                        allowed.policies()));
    }
}
