package com.esperr.gateway.boot;

import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicyWatch;
import com.esperr.gateway.server.ServerConfig;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policies the tenants that the service serves now have in force: replaces a tenant's when its files change, records that, and shows
 * it in the metrics. Thread-safe.
 */
final class TenantReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantReload.class);
    private static final String MODE = "server";

    private final Supplier<Map<String, Tenancy>> tenants;
    private final Map<String, Tenancy> shown = new HashMap<>();
    private final AuditLog audit;
    private final Consumer<String[]> running;
    private final String version;
    private final Metrics metrics;
    private volatile GatewayConfig config;
    private volatile List<PolicyWatch> watches = List.of();

    private TenantReload(
            GatewayConfig config,
            Supplier<Map<String, Tenancy>> tenants,
            AuditLog audit,
            Metrics metrics,
            String version) {
        this.tenants = tenants;
        this.config = config;
        this.audit = audit;
        this.metrics = metrics;
        this.running = metrics.info(MeterName.RUNNING);
        this.version = version;
    }

    /**
     * Shows what is in force, and watches the files if that is wanted.
     *
     * @throws IOException if the start cannot be recorded
     */
    static TenantReload begin(
            GatewayConfig config,
            Supplier<Map<String, Tenancy>> tenants,
            AuditLog audit,
            Metrics metrics,
            String version,
            Parts parts)
            throws IOException {
        TenantReload reload = new TenantReload(config, tenants, audit, metrics, version);
        parts.add(reload);
        reload.show();
        for (Tenancy tenant : tenants.get().values()) {
            audit.record(
                    "policies-in-force",
                    "start",
                    about(tenant, "", tenant.engine().policies().hash()));
        }
        reload.watch();
        return reload;
    }

    private void watch() {
        GatewayConfig by = config;
        Duration interval = by.policies().reloadInterval();
        List<PolicyWatch> begun = new ArrayList<>();
        for (ServerConfig.TenantConfig named : by.server().tenants()) {
            Tenancy tenant = tenants.get().get(named.id());
            if (tenant != null && !interval.isZero() && !named.policies().isEmpty()) {
                PolicyConfig files = TenantPolicies.files(by, named);
                begun.add(new PolicyWatch(files, () -> PolicyLoader.load(files), loaded -> swap(by, tenant, loaded)));
            }
        }
        watches = List.copyOf(begun);
        metrics.counter(MeterName.POLICY_RELOADS, () -> sum(begun, PolicyWatch::swapped), "ok");
        metrics.counter(MeterName.POLICY_RELOADS, () -> sum(begun, PolicyWatch::refused), "refused");
        begun.forEach(watch -> watch.start(interval));
    }

    /**
     * Puts {@code policies} in force, which {@code next} names, and watches those files from now on; the change is recorded already. For
     * one thread at a time.
     */
    void replace(GatewayConfig next, TenantPolicies policies) {
        boolean elsewhere = !areSame(next, config);
        if (elsewhere) {
            close();
        }
        synchronized (this) {
            config = next;
            policies.sets().forEach((id, set) -> {
                Tenancy tenant = tenants.get().get(id);
                if (tenant != null && !set.equals(tenant.engine().policies())) {
                    tenant.engine().swap(set);
                }
            });
            show();
        }
        if (elsewhere) {
            watch();
        }
    }

    @Override
    public void close() {
        watches.forEach(PolicyWatch::close);
    }

    private static long sum(List<PolicyWatch> watches, ToLongFunction<PolicyWatch> number) {
        return watches.stream().mapToLong(number).sum();
    }

    private static boolean areSame(GatewayConfig one, GatewayConfig other) {
        return one.policies().equals(other.policies())
                && one.server().tenants().equals(other.server().tenants());
    }

    private synchronized boolean swap(GatewayConfig by, Tenancy tenant, LoadedPolicies next) {
        if (!areSame(by, config)) {
            // Read while another configuration named other files.
            return false;
        }
        PolicyEngine engine = tenant.engine();
        String before = engine.policies().hash();
        try {
            audit.record(
                    "policies-replaced",
                    "files",
                    about(tenant, before, next.policies().hash()));
        } catch (IOException refused) {
            LOG.warn(
                    "policies of tenant {} changed and are not put in force, because log.audit cannot be written: {}",
                    tenant.id(),
                    refused.toString());
            return false;
        }
        engine.swap(next.policies());
        show();
        LOG.info(
                "policies of tenant {} replaced: {} instead of {}",
                tenant.id(),
                next.policies().hash(),
                before);
        return true;
    }

    private synchronized void show() {
        Map<String, Tenancy> now = tenants.get();
        shown.keySet().retainAll(now.keySet());
        now.forEach(this::show);
        String hashes = now.values().stream()
                .map(tenant -> tenant.engine().policies().hash())
                .collect(Collectors.joining(","));
        running.accept(new String[] {version, MODE, hashes});
    }

    /** Shows what comes of the policies of a tenant from now on. */
    private void show(String id, Tenancy tenant) {
        if (shown.put(id, tenant) != tenant) {
            tenant.engine().results().follow((policy, counts) -> Gauges.connect(metrics, id + '/' + policy, counts));
        }
    }

    private static Map<String, String> about(Tenancy tenant, String before, String after) {
        return Map.of("tenant", tenant.id(), "before", before, "after", after);
    }
}
