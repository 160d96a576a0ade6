package com.esperr.gateway.boot;

import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateConfig;
import com.esperr.gateway.state.Windows;
import com.esperr.gateway.transport.EventLoops;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the tenants of the service keep windows and active mitigations, as configured: in memory each has stores of its own, so
 * that none can push another's visitors out; in Redis each has a name of its own. Thread-safe.
 */
final class TenantStores implements AutoCloseable {
    private final PolicyConfig limits;
    private final Clock clock;
    private final HashSeed own = HashSeed.random();
    private final @Nullable RedisStore redis;
    private final Claims claims;

    private TenantStores(PolicyConfig limits, Clock clock, @Nullable RedisStore redis) {
        this.limits = limits;
        this.clock = clock;
        this.redis = redis;
        this.claims = redis == null ? new MemoryClaims(Stores.MOST_CLAIMS, clock::nanos) : redis.claims();
    }

    static TenantStores open(StateConfig config, PolicyConfig limits, Clock clock) {
        RedisStore redis = switch (config.store()) {
            case MEMORY -> null;
            case REDIS -> RedisStore.open(config.redis(), EventLoops::here, clock::nanos, clock::millis);
        };
        return new TenantStores(limits, clock, redis);
    }

    /** The secret under which tenants' own are derived. */
    HashSeed seed() {
        return redis == null ? own : redis.seed();
    }

    Windows windows() {
        if (redis != null) {
            return redis.windows();
        }
        return new MemoryWindows(limits.maxWindows(), clock::nanos);
    }

    /** What counts once, of all tenants. */
    Claims claims() {
        return claims;
    }

    Replicated<ActiveMitigation> mitigations(String tenant) {
        return redis == null
                ? new MemoryReplicated<>(limits.maxMitigations(), clock::millis)
                : redis.replicated("mitigations:" + tenant, ActiveMitigation.CODEC, limits.maxMitigations());
    }

    /** Has {@code listener} hear of another secret, which the replicas may agree on later. */
    void onSeed(Consumer<HashSeed> listener) {
        if (redis != null) {
            redis.onSeed(listener);
        }
    }

    @Nullable
    RedisStore redis() {
        return redis;
    }

    @Override
    public void close() {
        if (redis != null) {
            redis.close();
        }
    }
}
