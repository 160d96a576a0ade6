package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Other policies that are tried beside those in force of one engine. Thread-safe; called on the event loop of the request, never
 * blocks.
 */
public interface Trial {
    /** Whose requests it is about. */
    PolicyEngine about();

    /** The engine of those that are tried: what it orders is active for the visitors about whom it decides. */
    PolicyEngine tried();

    /** Decides in place of {@link #about}, or has that decide; as {@link DecisionSource#decide}. */
    DecisionSource.@Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink);

    /** The engine by whose policies {@code request} was decided, if their hash is {@code hash}, else null. */
    @Nullable
    PolicyEngine engine(String hash);

    /** The engine that decides about the visitor of {@code request}. */
    PolicyEngine side(RequestContext request);

    /** What both read of bodies; the same object as long as neither changes. */
    Set<String> bodyFields();

    /** The visitor of {@code request} has passed a challenge. */
    void solved(RequestContext request);
}
