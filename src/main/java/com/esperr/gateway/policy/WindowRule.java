package com.esperr.gateway.policy;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestField;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.WindowLimit;
import java.util.List;

/**
 * The window of one clause: the limit and whose hits are counted together. Immutable. A window keeps its counts while
 * policies are reloaded, as long as the clause, the entity's fields and the limit stay the same.
 */
final class WindowRule {
    // Not a secret: it only shortens the name of a clause.
    private static final HashSeed NAMES = new HashSeed(0, 0);

    private final WindowLimit limit;
    private final StateKey name;
    private final FieldSlot[] fields;

    WindowRule(WindowLimit limit, String policy, String clause, List<FieldSlot> fields) {
        this.limit = limit;
        this.fields = fields.toArray(FieldSlot[]::new);
        KeyHash hash =
                new KeyHash(NAMES).add(policy).add(clause).add(limit.seconds()).add(limit.threshold());
        for (FieldSlot slot : fields) {
            hash.add(slot.field().toString());
        }
        this.name = hash.key();
    }

    WindowLimit limit() {
        return limit;
    }

    /** Whose count the request belongs to; a field that is absent is a value like any other. */
    StateKey key(Inputs inputs, HashSeed seed, int ipv6Prefix) {
        KeyHash hash = new KeyHash(seed).add(name.high()).add(name.low());
        for (FieldSlot slot : fields) {
            if (slot.field().field() == RequestField.CLIENT_IP) {
                add(inputs.request().client().address(), ipv6Prefix, hash);
            } else {
                hash.add(inputs.text(slot));
            }
        }
        return hash.key();
    }

    private static void add(IpAddress address, int ipv6Prefix, KeyHash hash) {
        // One visitor has a whole network of IPv6 addresses to come from (RFC 6177).
        IpAddress visitor = address.isIpv6() ? address.prefix(ipv6Prefix) : address;
        hash.add(visitor.width()).add(visitor.high()).add(visitor.low());
    }
}
