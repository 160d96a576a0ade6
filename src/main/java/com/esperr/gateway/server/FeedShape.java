package com.esperr.gateway.server;

import com.esperr.gateway.state.HashSeed;
import java.util.List;

/**
 * How a gateway works out the keys of the feed. Immutable.
 *
 * @param seed the secret of the keys, the tenant's own
 * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor
 * @param entities by which visitors are told apart
 */
public record FeedShape(HashSeed seed, int ipv6Prefix, List<Entity> entities) {
    /** One entity: its name and the fields whose values make its key. */
    public record Entity(String name, List<String> keyFields) {}
}
