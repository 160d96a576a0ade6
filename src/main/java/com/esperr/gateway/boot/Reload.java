package com.esperr.gateway.boot;

import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.PolicyWatch;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policies are in force while the gateway runs: replaces them when their files change, records that, and shows it in
 * the metrics. Thread-safe.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final String START = "start";
    private static final String FILES = "files";

    private final GatewayConfig config;
    private final @Nullable PolicyEngine engine;
    private final AuditLog audit;
    private final Consumer<String[]> running;
    private final String version;

    private Reload(
            GatewayConfig config,
            @Nullable PolicyEngine engine,
            AuditLog audit,
            Consumer<String[]> running,
            String version) {
        this.config = config;
        this.engine = engine;
        this.audit = audit;
        this.running = running;
        this.version = version;
    }

    /**
     * Shows what is in force, and watches the files of {@code engine}'s policies if that is wanted.
     *
     * @param engine the embedded engine, or null if it does not decide
     * @throws IOException if the start cannot be recorded
     */
    static void begin(
            GatewayConfig config,
            Policies policies,
            @Nullable PolicyEngine engine,
            AuditLog audit,
            Metrics metrics,
            String version,
            Parts parts)
            throws IOException {
        Reload reload = new Reload(config, engine, audit, metrics.info(MeterName.RUNNING), version);
        reload.show(policies.set());
        if (engine == null) {
            return;
        }
        audit.record("policies-in-force", START, about("", policies.set()));
        engine.results().follow((policy, counts) -> Gauges.connect(metrics, policy, counts));
        Duration interval = config.policies().reloadInterval();
        if (!interval.isZero() && !config.policies().paths().isEmpty()) {
            PolicyWatch watch = parts.add(new PolicyWatch(config.policies(), reload::load, reload::swap));
            metrics.counter(MeterName.POLICY_RELOADS, watch::swapped, "ok");
            metrics.counter(MeterName.POLICY_RELOADS, watch::refused, "refused");
            watch.start(interval);
        }
    }

    private LoadedPolicies load() {
        Policies policies = Policies.load(config);
        return new LoadedPolicies(policies.set(), policies.problems(), policies.warnings(), policies.tests());
    }

    private boolean swap(LoadedPolicies next) {
        if (engine == null) {
            return false;
        }
        String before = engine.policies().hash();
        try {
            audit.record("policies-replaced", FILES, about(before, next.policies()));
        } catch (IOException refused) {
            LOG.warn(
                    "policies changed and are not put in force, because log.audit cannot be written: {}",
                    refused.toString());
            return false;
        }
        engine.swap(next.policies());
        show(next.policies());
        LOG.info(
                "policies replaced: {} instead of {}, {} in force, {} tests passed",
                next.policies().hash(),
                before,
                next.policies().count(),
                next.tests());
        return true;
    }

    private void show(PolicySet policies) {
        running.accept(new String[] {version, config.mode().label(), policies.hash()});
    }

    private static Map<String, String> about(String before, PolicySet after) {
        return Map.of("before", before, "after", after.hash(), "policies", Integer.toString(after.count()));
    }
}
