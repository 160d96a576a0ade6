package com.esperr.gateway.server;

import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant's visitors are called to its clients: the same at all replicas of the service, which tells nothing about
 * them, and is no key of anything. Thread-safe. It follows the secret of the replicas, on which they may agree later.
 */
public final class VisitorNames {
    private static final String PURPOSE = "lookup";
    private static final List<FieldReference> WHO =
            List.of(FieldReference.parse("client_ip"), FieldReference.parse("user_agent"));

    private final Supplier<HashSeed> secret;
    private final int ipv6Prefix;
    private volatile @Nullable Known known;

    /**
     * Names of visitors.
     *
     * @param secret the tenant's, as it is now
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
     */
    public VisitorNames(Supplier<HashSeed> secret, int ipv6Prefix) {
        this.secret = secret;
        this.ipv6Prefix = ipv6Prefix;
    }

    /** What the visitor of {@code request} is called: a keyed hash in the form of a UUID (RFC 9562 section 5.8). */
    String of(RequestContext request) {
        StateKey key = keys().of(request);
        return new UUID(
                        (key.high() & 0xFFFFFFFFFFFF0FFFL) | 0x8000L,
                        (key.low() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)
                .toString();
    }

    private EntityKeys keys() {
        HashSeed now = secret.get();
        Known before = known;
        if (before != null && before.secret.equals(now)) {
            return before.keys;
        }
        EntityKeys keys = new EntityKeys(now.derived(PURPOSE), ipv6Prefix, PURPOSE, WHO);
        known = new Known(now, keys);
        return keys;
    }

    private record Known(HashSeed secret, EntityKeys keys) {}
}
