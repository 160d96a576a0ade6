package com.esperr.gateway.boot;

import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.server.Tenant;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The tenants that the service serves now, and what those that it served before have counted, so that no count falls when one leaves.
 * Thread-safe.
 */
final class Tenancies {
    private static final Map<MeterName, ToLongFunction<Tenancy>> COUNTS = Map.of(
            MeterName.MITIGATIONS_DROPPED, one -> one.engine().mitigationsDropped(),
            MeterName.CONDITION_ERRORS, one -> one.engine().conditionErrors(),
            MeterName.SERVER_FEED_CUTS, one -> one.feed().cuts());

    private final Map<MeterName, Long> gone = new EnumMap<>(MeterName.class);
    private Map<String, Tenancy> now = Map.of();

    /** From now on these are served, by their id. */
    synchronized void replace(Map<String, Tenancy> next) {
        List<Tenancy> leave =
                now.values().stream().filter(one -> !next.containsValue(one)).toList();
        COUNTS.forEach((name, count) -> gone.merge(name, sum(leave, count), Long::sum));
        gone.merge(MeterName.WINDOWS_DROPPED, sum(leave, Tenancy::dropped), Long::sum);
        now = Collections.unmodifiableMap(new LinkedHashMap<>(next));
    }

    /** Those that are served, by their id. */
    synchronized Map<String, Tenancy> now() {
        return now;
    }

    /** The same as {@code config} has them. */
    Map<String, Tenant> tenants(GatewayConfig config) {
        Map<String, Tenant> all = new LinkedHashMap<>();
        now().forEach((id, one) -> all.put(id, one.tenant(config)));
        return all;
    }

    /** What decides about their requests, by their id. */
    Map<String, PolicyEngine> engines() {
        Map<String, PolicyEngine> all = new LinkedHashMap<>();
        now().forEach((id, one) -> all.put(id, one.engine()));
        return all;
    }

    /** What must be in order for each. */
    List<ReadinessCheck> checks() {
        return now().values().stream()
                .map(one -> new ReadinessCheck("tenant:" + one.id(), one.engine()::trouble))
                .toList();
    }

    /** Hashes keys under another secret from now on. */
    void reseed(HashSeed seed) {
        now().values().forEach(one -> one.engine().reseed(seed));
    }

    /** Sees to it at once that nobody follows a feed who may not. */
    void reviewFeeds() {
        now().values().forEach(one -> one.feed().review());
    }

    /** Shows the numbers of all of them together. */
    void connect(Metrics metrics, boolean inMemory) {
        metrics.gauge(
                MeterName.POLICIES, () -> all(one -> one.engine().policies().count()));
        metrics.gauge(
                MeterName.MITIGATIONS,
                () -> all(one -> one.engine().mitigationCount() + one.engine().mitigationsBeside()));
        metrics.gauge(
                MeterName.SERVER_FEED_SUBSCRIBERS, () -> all(one -> one.feed().subscribers()));
        COUNTS.forEach((name, count) -> metrics.counter(name, () -> counted(name, count)));
        if (inMemory) {
            metrics.gauge(MeterName.WINDOWS, () -> all(Tenancy::counted));
            metrics.counter(MeterName.WINDOWS_DROPPED, () -> counted(MeterName.WINDOWS_DROPPED, Tenancy::dropped));
        }
    }

    private long all(ToLongFunction<Tenancy> number) {
        return sum(now().values(), number);
    }

    private synchronized long counted(MeterName name, ToLongFunction<Tenancy> count) {
        return gone.getOrDefault(name, 0L) + sum(now.values(), count);
    }

    private static long sum(Collection<Tenancy> tenants, ToLongFunction<Tenancy> number) {
        return tenants.stream().mapToLong(number).sum();
    }
}
