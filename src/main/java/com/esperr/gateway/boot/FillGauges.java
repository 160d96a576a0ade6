package com.esperr.gateway.boot;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.rollout.Rollout;
import com.esperr.gateway.state.Claims;
import com.esperr.gateway.state.MemoryClaims;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.upstream.Upstreams;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connects what is bounded with the metrics that say how full it is. Stateless. */
final class FillGauges {
    private static final Set<Bounded> OF_ORIGINS = Set.of(
            Bounded.ORIGIN_CONNECTIONS,
            Bounded.ORIGIN_WAITING,
            Bounded.ORIGIN_REQUESTS,
            Bounded.ORIGIN_QUEUE,
            Bounded.ORIGIN_RETRIES);
    private static final Set<Bounded> OF_ROLLOUTS =
            Set.of(Bounded.ROLLOUTS, Bounded.ROLLOUT_MITIGATIONS, Bounded.ROLLOUT_WINDOWS, Bounded.ROLLOUT_VISITORS);

    private FillGauges() {}

    static void connect(Metrics metrics, Collection<Fill> fills) {
        fills.forEach(metrics::show);
    }

    static void connect(Metrics metrics, ProxyServer proxy, Supplier<Upstreams> upstreams) {
        metrics.show(proxy.connections().fill());
        metrics.show(proxy.bodies().fill());
        metrics.show(proxy.compression().fill());
        metrics.show(proxy.interruptions().pause().fill());
        for (Listener listener : proxy.listeners()) {
            connect(metrics, listener.fills());
        }
        // Others may take their place, so they are looked up each time.
        OF_ORIGINS.forEach(what ->
                metrics.show(Fill.over(what, () -> upstreams.get().fills(what)).rising()));
        connect(metrics, MessageLog.fills());
    }

    static void connect(Metrics metrics, Stores stores) {
        metrics.show(stores.mitigations().fill(Bounded.MITIGATIONS));
        MemoryWindows memory = stores.memory();
        connect(metrics, memory == null ? List.of() : List.of(memory), stores.claims(), stores.redis());
    }

    /** What the stores of tenants, or of the one there is, are full of. */
    static void connect(Metrics metrics, List<MemoryWindows> windows, Claims claims, @Nullable RedisStore redis) {
        windows.forEach(each -> metrics.show(each.fill(Bounded.WINDOWS)));
        if (claims instanceof MemoryClaims memory) {
            metrics.show(memory.fill());
        }
        if (redis != null) {
            connect(metrics, redis.fills());
        }
    }

    /** What rollouts keep, while there can be any. */
    static void ofRollouts(Metrics metrics, Supplier<@Nullable Rollout> live) {
        OF_ROLLOUTS.forEach(what -> metrics.show(Fill.over(what, () -> {
                    Rollout rollout = live.get();
                    return rollout == null ? List.of() : rollout.fills(what);
                })
                .rising()));
    }
}
