package com.esperr.gateway.boot;

import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicyWatch;
import com.esperr.gateway.server.ServerConfig;
import com.esperr.gateway.server.Tenant;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policies the tenants of the service have in force: replaces a tenant's when its files change, records that, and shows
 * it in the metrics. Thread-safe.
 */
final class TenantReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantReload.class);
    private static final String MODE = "server";

    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private final AuditLog audit;
    private final Consumer<String[]> running;
    private final String version;
    private final Metrics metrics;
    private volatile GatewayConfig config;
    private volatile List<PolicyWatch> watches = List.of();

    private TenantReload(
            GatewayConfig config, Collection<Tenant> tenants, AuditLog audit, Metrics metrics, String version) {
        tenants.forEach(tenant -> this.tenants.put(tenant.id(), tenant));
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
            Map<String, Tenant> tenants,
            AuditLog audit,
            Metrics metrics,
            String version,
            Parts parts)
            throws IOException {
        TenantReload reload = new TenantReload(config, tenants.values(), audit, metrics, version);
        parts.add(reload);
        reload.show();
        for (Tenant tenant : tenants.values()) {
            String label = tenant.id() + '/';
            tenant.engine().results().follow((policy, counts) -> Gauges.connect(metrics, label + policy, counts));
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
            Tenant tenant = tenants.get(named.id());
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
                Tenant tenant = tenants.get(id);
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

    private synchronized boolean swap(GatewayConfig by, Tenant tenant, LoadedPolicies next) {
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

    private void show() {
        String hashes = tenants.values().stream()
                .map(tenant -> tenant.engine().policies().hash())
                .collect(Collectors.joining(","));
        running.accept(new String[] {version, MODE, hashes});
    }

    private static Map<String, String> about(Tenant tenant, String before, String after) {
        return Map.of("tenant", tenant.id(), "before", before, "after", after);
    }
}
