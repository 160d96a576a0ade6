package com.esperr.gateway.boot;

import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.RedisConfig;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateConfig;
import com.esperr.gateway.state.Windows;
import com.esperr.gateway.transport.EventLoops;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where windows and active mitigations are kept, as configured. Immutable.
 *
 * @param windows rolling counts
 * @param claims what counts once
 * @param mitigations what is active for whom
 * @param seed the secret under which their keys are hashed, as it is now
 * @param onSeed tells of another secret, which gateways agreed on later
 * @param memory the windows, if they are kept here
 * @param redis what gateways share, if they do
 */
record Stores(
        Windows windows,
        Claims claims,
        Replicated<ActiveMitigation> mitigations,
        Supplier<HashSeed> seed,
        Consumer<Consumer<HashSeed>> onSeed,
        @Nullable MemoryWindows memory,
        @Nullable RedisStore redis)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    /** Far more than visitors pass challenges while a proof counts. */
    static final int MOST_CLAIMS = 1_000_000;

    private static final String MITIGATIONS = "mitigations";

    /**
     * Opens the configured store; one that is away does not hold up the start for longer than a connection may take.
     *
     * @param known the secret of before a restart, or null
     */
    static Stores open(StateConfig config, PolicyConfig limits, @Nullable HashSeed known, Clock clock) {
        return switch (config.store()) {
            case MEMORY -> memory(limits, clock);
            case REDIS -> redis(config.redis(), limits, known == null ? HashSeed.random() : known, clock);
        };
    }

    private static Stores memory(PolicyConfig limits, Clock clock) {
        MemoryWindows windows = new MemoryWindows(limits.maxWindows(), clock::nanos);
        HashSeed seed = HashSeed.random();
        return new Stores(
                windows,
                new MemoryClaims(MOST_CLAIMS, clock::nanos),
                new MemoryReplicated<>(limits.maxMitigations(), clock::millis),
                () -> seed,
                listener -> {},
                windows,
                null);
    }

    private static Stores redis(RedisConfig config, PolicyConfig limits, HashSeed own, Clock clock) {
        RedisStore store = RedisStore.open(config, own, EventLoops::here, clock::nanos, clock::millis);
        Replicated<ActiveMitigation> mitigations =
                store.replicated(MITIGATIONS, ActiveMitigation.CODEC, limits.maxMitigations());
        Duration patience = config.connectTimeout();
        if (!Gateway.await(() -> mitigations.trouble() == null, patience)) {
            LOG.warn("starting without what gateways share, which is taken over when it is there: {}", store.trouble());
        }
        return new Stores(store.windows(), store.claims(), mitigations, store::seed, store::onSeed, null, store);
    }

    /** Reaches Redis as {@code next} says from now on, if gateways share one; blocks. Answers what the operator should know about that. */
    List<String> follow(StateConfig next) {
        String trouble = redis == null ? null : redis.move(next.redis());
        return trouble == null
                ? List.of()
                : List.of("state.redis: in force, and taken over when it is there: " + trouble);
    }

    @Override
    public void close() {
        mitigations.close();
        if (redis != null) {
            redis.close();
        }
    }
}
