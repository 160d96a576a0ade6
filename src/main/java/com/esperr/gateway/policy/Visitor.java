package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.policy.ActiveMitigation.By;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * Who sent one request, by every entity that somebody asks about, and what is active for him. Confined to the event loop of
 * the request.
 */
final class Visitor {
    private final InForce force;
    private final PolicyEngine.Terms terms;
    private final Inputs inputs;
    private @Nullable StateKey @Nullable [] keys;
    private @Nullable ActiveMitigation active;
    private @Nullable StateKey activeKey;

    Visitor(InForce force, PolicyEngine.Terms terms, Inputs inputs) {
        this.force = force;
        this.terms = terms;
        this.inputs = inputs;
    }

    /** His key by that entity, worked out once. */
    StateKey key(EntityRule entity) {
        @Nullable StateKey[] known = keys;
        if (known == null) {
            known = new StateKey[force.keys().length];
            keys = known;
        }
        StateKey key = known[entity.index()];
        if (key == null) {
            key = force.keys()[entity.index()].of(inputs.request());
            known[entity.index()] = key;
        }
        return key;
    }

    /** What is active for him and concerns this request, a block before a challenge; or null. */
    @Nullable
    ActiveMitigation meets() {
        Replicated<ActiveMitigation> mitigations = terms.mitigations();
        // Most of the time nothing is active for anybody, and then no key is worked out.
        if (force.asked().length == 0 || mitigations.size() == 0) {
            return null;
        }
        long now = terms.millis().getAsLong();
        for (int index : force.asked()) {
            EntityRule entity = force.set().entities()[index];
            ActiveMitigation found = mitigations.find(key(entity), now);
            if (found != null
                    && isWorse(found)
                    && concerns(found)
                    && entity.matches().matches(inputs)) {
                active = found;
                activeKey = key(entity);
            }
        }
        return active;
    }

    private boolean isWorse(ActiveMitigation found) {
        ActiveMitigation known = active;
        return known == null || (found.action() == Action.BLOCK && known.action() != Action.BLOCK);
    }

    /** A challenge on this site must remain reachable for those who are sent there. */
    private boolean concerns(ActiveMitigation found) {
        ChallengePlace target = found.challengeUrl() == null ? terms.challengeUrl() : found.challengeUrl();
        return found.action() == Action.BLOCK || target == null || !target.leadsTo(inputs.request());
    }

    /** Makes something active for him; answers the id of the decision. A challenge does not take the place of a block. */
    String mitigate(Measure measure, Action action, Cause cause) {
        EntityRule entity = measure.entity();
        StateKey key = key(entity);
        long now = terms.millis().getAsLong();
        RequestContext request = inputs.request();
        ActiveMitigation known = terms.mitigations().find(key, now);
        if (known != null && known.action() == Action.BLOCK && action != Action.BLOCK) {
            return request.reference();
        }
        ActiveMitigation made = new ActiveMitigation(
                terms.tenant(),
                entity.name(),
                force.keys()[entity.index()].values(request),
                action,
                measure.mitigation(),
                cause.policy(),
                cause.clause(),
                cause.reason(),
                request.reference(),
                now,
                By.POLICY,
                measure.target());
        terms.mitigations().put(key, made, now + measure.lifetimeMillis());
        if (active == null || isWorse(made)) {
            active = made;
            activeKey = key;
        }
        return request.reference();
    }

    /** What is active for him, or null. */
    @Nullable
    ActiveMitigation active() {
        return active;
    }

    /** The key under which it is kept, or null. */
    @Nullable
    StateKey activeKey() {
        return activeKey;
    }
}
