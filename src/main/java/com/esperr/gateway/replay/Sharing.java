package com.esperr.gateway.replay;

import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who decides about which visitors. Immutable. Those whom a window could count together or a mitigation could meet together belong to one, so that
 * it makes no difference how many there are.
 *
 * @param deciders how many there are
 * @param keys tell visitors apart, or null if one decides about all
 */
record Sharing(int deciders, @Nullable EntityKeys keys) {
    private static final HashSeed SEED = new HashSeed(3, 4);
    private static final List<FieldReference> ANY = List.of(FieldReference.parse("client_ip"));

    /** Among {@code most} at the most. */
    static Sharing of(Replay.Terms terms, int most) {
        List<FieldReference> apart = terms.policies().apart();
        PolicySet other = terms.against();
        if (apart != null && other != null) {
            apart = common(apart, other.apart());
        }
        if (apart == null || most < 2) {
            return new Sharing(1, null);
        }
        // Any of them will do, as whoever has all in common has that one in common; the address is the quickest to
        // read.
        List<FieldReference> fields = apart.isEmpty() || apart.containsAll(ANY) ? ANY : apart;
        return new Sharing(most, new EntityKeys(SEED, terms.limits().ipv6Prefix(), "replay", fields));
    }

    private static @Nullable List<FieldReference> common(
            List<FieldReference> one, @Nullable List<FieldReference> other) {
        if (other == null || other.isEmpty()) {
            return other == null ? null : one;
        }
        if (one.isEmpty()) {
            return other;
        }
        List<FieldReference> both = new ArrayList<>(one);
        both.retainAll(other);
        return both.isEmpty() ? null : both;
    }

    /** The number of the one who decides about {@code request}. */
    int decider(RequestContext request) {
        return keys == null ? 0 : (int) Long.remainderUnsigned(keys.of(request).low(), deciders);
    }
}
