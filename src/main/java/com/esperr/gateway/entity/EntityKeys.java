package com.esperr.gateway.entity;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestField;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Works out the key of one entity, such as {@code ip-user-agent}, for requests. Immutable and thread-safe. Whoever shares
 * state about entities has the same seed, prefix and definition, and then the same keys. A field that a request does not
 * have is a value like any other.
 */
public final class EntityKeys {
    private final int ipv6Prefix;
    private final List<FieldReference> fields;
    // Only copies are added to.
    private final KeyHash begun;

    /**
     * The keys of one entity.
     *
     * @param seed the secret of all who share state
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     * @param name the name of the entity, which keeps apart entities of equal fields
     * @param fields the fields whose values together tell one from another
     */
    public EntityKeys(HashSeed seed, int ipv6Prefix, String name, List<FieldReference> fields) {
        this.ipv6Prefix = ipv6Prefix;
        this.fields = List.copyOf(fields);
        KeyHash hash = new KeyHash(seed).add(name);
        fields.forEach(field -> hash.add(field.toString()));
        StateKey own = hash.key();
        this.begun = new KeyHash(seed).add(own.high()).add(own.low());
    }

    /** The fields whose values together tell one from another. */
    public List<FieldReference> fields() {
        return fields;
    }

    /** The key of the entity that {@code request} belongs to. */
    public StateKey of(RequestContext request) {
        KeyHash hash = new KeyHash(begun);
        for (FieldReference field : fields) {
            IpAddress address = field.field() == RequestField.CLIENT_IP ? request.clientAddress() : null;
            if (address != null) {
                add(address, hash);
            } else {
                hash.add(field.text(request));
            }
        }
        return hash.key();
    }

    /**
     * The key of the entity whose fields have these values, as {@link #values} gives them and people write them.
     *
     * @param values by the written form of the field; one that is not there is a value like any other
     * @throws IllegalArgumentException if there is a field that is not the entity's, or no address where one belongs
     */
    public StateKey of(Map<String, String> values) {
        List<String> names = fields.stream().map(FieldReference::toString).toList();
        for (String given : values.keySet()) {
            if (!names.contains(given)) {
                throw new IllegalArgumentException("field: " + given + " (expected: " + String.join(", ", names) + ")");
            }
        }
        KeyHash hash = new KeyHash(begun);
        for (FieldReference field : fields) {
            String value = values.get(field.toString());
            if (field.field() == RequestField.CLIENT_IP) {
                add(address(value), hash);
            } else {
                hash.add(value);
            }
        }
        return hash.key();
    }

    /** The values that tell {@code request}'s visitor from others, by the written form of the field; absent ones are left out. */
    public Map<String, String> values(RequestContext request) {
        Map<String, String> values = new LinkedHashMap<>();
        for (FieldReference field : fields) {
            String value = field.text(request);
            if (value != null) {
                values.put(field.toString(), value);
            }
        }
        return values;
    }

    private static IpAddress address(@Nullable String value) {
        IpAddress address = value == null ? null : IpAddress.parseOrNull(value.strip());
        if (address == null) {
            throw new IllegalArgumentException(
                    "client_ip: " + (value == null ? "missing" : value) + " (expected: an IP address)");
        }
        return address;
    }

    private void add(IpAddress address, KeyHash hash) {
        // One visitor has a whole network of IPv6 addresses to come from (RFC 6177).
        IpAddress visitor = address.isIpv6() ? address.prefix(ipv6Prefix) : address;
        hash.add(visitor.width()).add(visitor.high()).add(visitor.low());
    }
}
