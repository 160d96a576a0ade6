package com.esperr.gateway.boot;

import com.esperr.gateway.boot.GatewayConfig.Source;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.PolicyWatch;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.rollout.Rollout;
import com.esperr.gateway.rollout.RolloutConfig;
import com.esperr.gateway.rollout.RolloutHost;
import com.esperr.gateway.telemetry.Audit;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policies are in force while the gateway runs: replaces a set when its files change, whatever is wrong with those of
 * another, records that, and shows it in the metrics. Thread-safe.
 */
final class PolicyReload implements RolloutHost, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyReload.class);
    private static final String START = "start";
    private static final String FILES = "files";

    private final Supplier<@Nullable SitePolicies> live;
    private final Audit audit;
    private final Metrics metrics;
    private final Consumer<String[]> running;
    private final String version;
    private final PolicyGauges numbers;
    private final Map<String, PolicyEngine> shown = new HashMap<>();
    private volatile GatewayConfig config;
    private volatile List<PolicyWatch> watches = List.of();
    private volatile @Nullable Rollout rollout;

    private PolicyReload(
            GatewayConfig config, Supplier<@Nullable SitePolicies> live, Audit audit, Metrics metrics, String version) {
        this.config = config;
        this.live = live;
        this.audit = audit;
        this.metrics = metrics;
        this.numbers = new PolicyGauges(metrics);
        this.running = metrics.info(MeterName.RUNNING);
        this.version = version;
    }

    /**
     * Shows what is in force, and watches the files of the policies if that is wanted.
     *
     * @param live the embedded engines as they are now, or null if they do not decide
     * @throws IOException if the start cannot be recorded
     */
    static PolicyReload begin(
            GatewayConfig config,
            Policies policies,
            Supplier<@Nullable SitePolicies> live,
            Audit audit,
            Metrics metrics,
            String version)
            throws IOException {
        PolicyReload reload = new PolicyReload(config, live, audit, metrics, version);
        reload.show(policies.sets().values().stream());
        SitePolicies engines = live.get();
        if (engines != null) {
            for (Map.Entry<String, PolicyEngine> named : engines.byName().entrySet()) {
                audit.record(
                        "policies-in-force",
                        START,
                        about(named.getKey(), "", named.getValue().policies()));
                reload.show(named.getKey(), named.getValue());
            }
            reload.numbers.follow(engines);
        }
        return reload;
    }

    /** Policies decide from now on that did not before. */
    private void tell(String name, PolicySet policies) {
        var unused = record("policies-in-force", "mode", about(name, "", policies));
    }

    /** Shows what comes of policies from now on. */
    private void show(String name, PolicyEngine engine) {
        if (shown.put(name, engine) != engine) {
            engine.results()
                    .follow((policy, counts) -> Gauges.connect(metrics, SitePolicies.label(name, policy), counts));
        }
    }

    /** What is in force comes by {@code guard} from the next {@link #replace} on, or by the files alone. */
    void guardedBy(@Nullable Rollout guard) {
        rollout = guard;
    }

    /** What is in force comes by {@code guard} from now on, and the files are watched if that is wanted. */
    void start(@Nullable Rollout guard, Policies policies) {
        rollout = guard;
        SitePolicies engines = live.get();
        if (engines != null) {
            synchronized (this) {
                follow(engines, policies);
            }
            watch(engines);
        }
    }

    /** The configuration by which policies are read. */
    GatewayConfig config() {
        return config;
    }

    private void follow(SitePolicies all, Policies policies) {
        Rollout guard = rollout;
        RolloutConfig how = config.operation().rollout();
        if (guard != null) {
            guard.configure(how, policies.sets().getOrDefault(how.set(), PolicySet.EMPTY), policies.next());
        }
        all.byName().forEach((name, engine) -> {
            PolicySet set = inForce(name, policies.sets().getOrDefault(name, PolicySet.EMPTY));
            if (!set.equals(engine.policies())) {
                engine.swap(set);
            }
        });
    }

    private PolicySet inForce(String name, PolicySet files) {
        Rollout guard = rollout;
        return guard == null ? files : guard.based(name, files);
    }

    private void watch(SitePolicies all) {
        GatewayConfig by = config;
        Duration interval = by.policies().reloadInterval();
        List<PolicyWatch> begun = new ArrayList<>();
        all.byName().forEach((name, engine) -> {
            PolicyConfig files = Policies.configs(by).get(name);
            if (files != null && !interval.isZero() && !files.paths().isEmpty()) {
                begun.add(new PolicyWatch(
                        files, () -> Policies.load(config, files), next -> swap(by, name, engine, next)));
            }
        });
        Rollout guard = rollout;
        PolicyConfig candidate = by.policies().of(by.operation().rollout().paths());
        if (guard != null && !interval.isZero() && !candidate.paths().isEmpty()) {
            begun.add(new PolicyWatch(
                    candidate, () -> Policies.load(config, candidate), next -> attempt(by, guard, next)));
        }
        watches = List.copyOf(begun);
        if (!begun.isEmpty()) {
            metrics.counter(MeterName.POLICY_RELOADS, () -> sum(begun, PolicyWatch::swapped), "ok");
            metrics.counter(MeterName.POLICY_RELOADS, () -> sum(begun, PolicyWatch::refused), "refused");
            begun.forEach(watch -> watch.start(interval));
        }
    }

    /**
     * Puts {@code policies} in force, which {@code next} names, and watches those files from now on; the change is recorded already. For
     * one thread at a time.
     */
    void replace(GatewayConfig next, Policies policies) {
        boolean elsewhere = !areSame(next, config);
        if (elsewhere) {
            close();
        }
        SitePolicies engines = live.get();
        synchronized (this) {
            boolean begins = next.source() == Source.LOCAL && config.source() != Source.LOCAL;
            config = next;
            numbers.follow(engines);
            if (engines != null) {
                follow(engines, policies);
                if (begins) {
                    engines.byName().forEach((name, engine) -> tell(name, engine.policies()));
                }
                shown.keySet().retainAll(engines.byName().keySet());
                engines.byName().forEach(this::show);
                showNow();
            } else {
                shown.clear();
                show(policies.sets().values().stream());
            }
        }
        if (engines != null && elsewhere) {
            watch(engines);
        }
    }

    @Override
    public void close() {
        watches.forEach(PolicyWatch::close);
        watches = List.of();
    }

    private static long sum(List<PolicyWatch> watches, ToLongFunction<PolicyWatch> number) {
        return watches.stream().mapToLong(number).sum();
    }

    /** Whether the same files are watched by both, for the same engines. */
    private static boolean areSame(GatewayConfig one, GatewayConfig other) {
        return one.source() == other.source()
                && one.policies().equals(other.policies())
                && one.operation()
                        .rollout()
                        .paths()
                        .equals(other.operation().rollout().paths());
    }

    private synchronized boolean attempt(GatewayConfig by, Rollout guard, LoadedPolicies next) {
        if (!areSame(by, config) || guard != rollout) {
            // As below.
            return false;
        }
        guard.candidate(next.policies());
        return true;
    }

    private synchronized boolean swap(GatewayConfig by, String name, PolicyEngine engine, LoadedPolicies next) {
        if (!areSame(by, config)) {
            // Read while another configuration named other files.
            return false;
        }
        String before = engine.policies().hash();
        try {
            audit.record("policies-replaced", FILES, about(name, before, next.policies()));
        } catch (IOException refused) {
            LOG.warn(
                    "policies changed and are not put in force, because log.audit cannot be written: {}",
                    refused.toString());
            return false;
        }
        engine.swap(inForce(name, next.policies()));
        showNow();
        LOG.info(
                "policies{} replaced: {} instead of {}, {} in force, {} tests passed",
                name.equals(PolicyConfig.USUAL) ? "" : " of " + name,
                next.policies().hash(),
                before,
                next.policies().count(),
                next.tests());
        return true;
    }

    @Override
    public synchronized boolean replace(String set, PolicySet policies, String by, boolean back) {
        SitePolicies engines = live.get();
        PolicyEngine engine = engines == null ? null : engines.byName().get(set);
        if (engine == null) {
            return false;
        }
        boolean recorded =
                record("policies-replaced", by, about(set, engine.policies().hash(), policies));
        if (!recorded && !back) {
            return false;
        }
        engine.swap(policies);
        showNow();
        LOG.info("policies replaced by {}: {} in force", by, policies.hash());
        return true;
    }

    @Override
    public boolean record(String event, String by, Map<String, String> about) {
        try {
            audit.record(event, by, about);
            return true;
        } catch (IOException refused) {
            LOG.warn("log.audit cannot be written: {}", refused.toString());
            return false;
        }
    }

    /** One set at a time: else an older view could be shown last. */
    private synchronized void showNow() {
        SitePolicies engines = live.get();
        if (engines != null) {
            show(engines.all().stream().map(PolicyEngine::policies));
        }
    }

    private void show(Stream<PolicySet> policies) {
        String hashes = policies.map(PolicySet::hash).collect(Collectors.joining(","));
        running.accept(new String[] {version, config.mode().label(), hashes});
    }

    private static Map<String, String> about(String name, String before, PolicySet after) {
        return Map.of(
                "set", name, "before", before, "after", after.hash(), "policies", Integer.toString(after.count()));
    }
}
