package com.esperr.gateway.hybrid;

import com.esperr.gateway.entity.EntityKeys;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.StateKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes the lines of a feed as a server of one tenant does. Immutable. */
final class FeedTeller {
    private final HashSeed seed;
    private final int ipv6Prefix;
    private final EntityKeys keys;

    FeedTeller(HashSeed seed, int ipv6Prefix) {
        this.seed = seed;
        this.ipv6Prefix = ipv6Prefix;
        this.keys = new EntityKeys(
                seed,
                ipv6Prefix,
                "ip-user-agent",
                List.of(FieldReference.parse("client_ip"), FieldReference.parse("user_agent")));
    }

    private static String hex(long first, long second) {
        return new StateKey(first, second).toString();
    }

    String head(String type, String cursor) {
        return head(type, cursor, "");
    }

    String head(String type, String cursor, String more) {
        return "{\"type\":\"" + type + "\",\"cursor\":\"" + cursor + "\",\"seed\":\"" + hex(seed.first(), seed.second())
                + "\",\"ipv6_prefix\":" + ipv6Prefix + more
                + ",\"entities\":[{\"name\":\"ip-user-agent\",\"key_fields\":[\"client_ip\",\"user_agent\"]}]}\n";
    }

    StateKey key(String address, String userAgent) {
        return keys.of(Map.of("client_ip", address, "user_agent", userAgent));
    }

    StateKey key(RequestContext request) {
        return keys.of(request);
    }

    static String put(String cursor, StateKey key, String decision, long untilMillis) {
        return "{\"type\":\"put\",\"cursor\":\"" + cursor + "\",\"entity\":\"ip-user-agent\",\"key\":\"" + key
                + "\",\"decision\":\"" + decision + "\",\"expires_at\":\"" + Instant.ofEpochMilli(untilMillis)
                + "\",\"decision_id\":\"d-" + cursor + "\",\"reason\":\"told\"}\n";
    }

    static String remove(String cursor, StateKey key) {
        return "{\"type\":\"remove\",\"cursor\":\"" + cursor + "\",\"key\":\"" + key + "\"}\n";
    }

    static String ready(String cursor) {
        return plain("ready", cursor);
    }

    static String heartbeat(String cursor) {
        return plain("heartbeat", cursor);
    }

    private static String plain(String type, String cursor) {
        return "{\"type\":\"" + type + "\",\"cursor\":\"" + cursor + "\"}\n";
    }
}
