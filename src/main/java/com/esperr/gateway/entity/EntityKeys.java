package com.esperr.gateway.entity;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.util.List;

/**
 * Works out the key of one entity, such as {@code ip-user-agent}, for requests. Immutable and thread-safe. Whoever shares
 * state about entities has the same seed, prefix and definition, and then the same keys. A field that a request does not
 * have is a value like any other.
 */
public final class EntityKeys {
    private final HashSeed seed;
    private final int ipv6Prefix;
    private final FieldReference[] fields;
    private final StateKey name;

    /**
     * The keys of one entity.
     *
     * @param seed the secret of all who share state
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param name the name of the entity, which keeps apart entities of equal fields
     * @param fields the fields whose values together tell one from another
     */
    public EntityKeys(HashSeed seed, int ipv6Prefix, String name, List<FieldReference> fields) {
        this.seed = seed;
        this.ipv6Prefix = ipv6Prefix;
        this.fields = fields.toArray(FieldReference[]::new);
        KeyHash hash = new KeyHash(seed).add(name);
        fields.forEach(field -> hash.add(field.toString()));
        this.name = hash.key();
    }

    /** The key of the entity that {@code request} belongs to. */
    public StateKey of(RequestContext request) {
        KeyHash hash = new KeyHash(seed).add(name.high()).add(name.low());
        for (FieldReference field : fields) {
            if (field.field() == RequestField.CLIENT_IP) {
                add(request.client().address(), hash);
            } else {
                hash.add(field.value(request));
            }
        }
        return hash.key();
    }

    private void add(IpAddress address, KeyHash hash) {
        // One visitor has a whole network of IPv6 addresses to come from (RFC 6177).
        IpAddress visitor = address.isIpv6() ? address.prefix(ipv6Prefix) : address;
        hash.add(visitor.width()).add(visitor.high()).add(visitor.low());
    }
}
