package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.admin.BeaconTailEndpoint;
import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.EventsEndpoint;
import com.esperr.gateway.admin.HealthEndpoint;
import com.esperr.gateway.admin.LoggersEndpoint;
import com.esperr.gateway.admin.MetricsEndpoint;
import com.esperr.gateway.admin.MitigationsEndpoint;
import com.esperr.gateway.admin.PoliciesEndpoint;
import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.admin.ReadinessEndpoint;
import com.esperr.gateway.admin.StartupEndpoint;
import com.esperr.gateway.admin.Tenants;
import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.beacon.BeaconMode;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.challenge.Reception;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.explain.SharedExplanations;
import com.esperr.gateway.hybrid.FeedKind;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.hybrid.MitigationFeed;
import com.esperr.gateway.hybrid.PushedFeed;
import com.esperr.gateway.hybrid.SharedFeed;
import com.esperr.gateway.policy.Mitigations;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.replay.Recorder;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.Deposits;
import com.esperr.gateway.state.MemoryDeposits;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.ExchangeMetrics;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.tracing.TraceExport;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one list of implementations: who decides, who is told, what the operator port answers. Adding one is its own file and
 * a line here. Stateless.
 */
final class Extensions {
    private static final String WATCHING = "default-monitor";
    private static final String LEARNED = "learned";

    private Extensions() {}

    /** Who decides, in the order they are asked. */
    static Sources sources(GatewayConfig config, Policies policies, Stores stores, EventLoops loops, Clock clock) {
        return switch (config.source()) {
            case LOCAL -> Sources.of(local(config, policies.sets(), stores, clock));
            case CLOUD -> Sources.of(cloud(config, loops, clock));
            case HYBRID -> hybrid(config, stores, loops, clock);
        };
    }

    /** Who tells of mitigations besides Esper's own answers. */
    private static List<MitigationFeed> feeds(GatewayConfig config, Stores stores, EventLoops loops, Clock clock) {
        List<MitigationFeed> feeds = new ArrayList<>();
        if (config.hybrid().feeds(FeedKind.PUSHED)) {
            feeds.add(PushedFeed.of(
                    config.hybrid().pushed(),
                    config.cloud().client(config.esper().apiUrl()),
                    new MitigationQuestionWriter(config.esper()).headers(),
                    loops,
                    clock::nanos));
        }
        RedisStore redis = config.hybrid().feeds(FeedKind.SHARED) ? stores.redis() : null;
        if (redis != null) {
            feeds.add(SharedFeed.of(
                    redis.replicated(LEARNED, SharedFeed.CODEC, config.hybrid().maxEntries()), loops));
        }
        return feeds;
    }

    private static Sources hybrid(GatewayConfig config, Stores stores, EventLoops loops, Clock clock) {
        boolean shared = config.hybrid().feeds(FeedKind.SHARED) && stores.redis() != null;
        HybridSource hybrid = HybridSource.create(new HybridSource.Terms(
                config.hybrid(),
                config.challenge(),
                feeds(config, stores, loops, clock),
                shared ? stores.seed().get() : null,
                clock::nanos,
                clock::millis));
        if (shared) {
            stores.onSeed().accept(hybrid::reseed);
            // Whatever was agreed on between reading the seed and listening.
            hybrid.reseed(stores.seed().get());
        }
        return switch (config.hybrid().onMiss()) {
            case ALLOW -> Sources.of(hybrid);
            case ASK -> Sources.of(hybrid, cloud(config, loops, clock));
        };
    }

    private static SitePolicies local(
            GatewayConfig config, Map<String, PolicySet> policies, Stores stores, Clock clock) {
        Map<String, PolicyEngine> engines = new LinkedHashMap<>();
        policies.forEach((name, set) -> engines.put(name, local(config, name, set, stores, clock)));
        return new SitePolicies(engines);
    }

    private static PolicyEngine local(
            GatewayConfig config, String name, PolicySet policies, Stores stores, Clock clock) {
        PolicyEngine engine = new PolicyEngine(policies, terms(config, name, stores, clock));
        stores.onSeed().accept(engine::reseed);
        // Whatever was agreed on between reading the seed and listening.
        engine.reseed(stores.seed().get());
        return engine;
    }

    /** On which the embedded engine with the set of that name decides. */
    static PolicyEngine.Terms terms(GatewayConfig config, String name, Stores stores, Clock clock) {
        // What is only watched must not become active for gateways that enforce and share the stores.
        String tenant = config.mode() == Mode.MONITOR ? WATCHING : PolicyEngine.Terms.EMBEDDED;
        return new PolicyEngine.Terms(
                name.equals(PolicyConfig.USUAL) ? tenant : tenant + '/' + name,
                stores.windows(),
                stores.mitigations(),
                stores.seed().get(),
                config.client().ipv6Prefix(),
                config.challenge(),
                clock::millis);
    }

    private static CloudSource cloud(GatewayConfig config, EventLoops loops, Clock clock) {
        RedirectRules redirects = RedirectRules.of(config.esper().apiUrl().host(), config.challengeHosts());
        return CloudSource.create(config.esper(), config.cloud(), redirects, loops, clock::nanos, clock::millis);
    }

    /**
     * What visitors get who have passed a challenge, or null if none is held here and there is no key for Esper's API: nobody could
     * say then whether a proof counts.
     */
    static @Nullable Passes passes(
            GatewayConfig config, Sources sources, Stores stores, EventLoops loops, Clock clock, Parts parts)
            throws IOException {
        boolean asks = !config.esper().apiKey().isEmpty();
        if (!asks && !config.hosting().enabled()) {
            return null;
        }
        return Passes.open(new Passes.Terms(
                config.passes(),
                config.esper().tenantId(),
                config.proofs().maxLifetime(),
                config.proofs().timeout(),
                asks ? verifier(config, sources, loops, clock, parts) : Extensions::unknown,
                config.keep(),
                deposits(config, stores, clock),
                stores.claims(),
                clock::nanos,
                clock::millis));
    }

    private static Deposits deposits(GatewayConfig config, Stores stores, Clock clock) {
        RedisStore redis = stores.redis();
        return redis == null ? new MemoryDeposits(config.keep().allBytes(), clock::nanos) : redis.deposits();
    }

    /** Who stands before the decisions of {@code chain}. */
    static Admission.Terms admission(
            GatewayConfig config,
            Sources sources,
            DecisionChain chain,
            @Nullable Passes passes,
            @Nullable Reception ours) {
        return new Admission.Terms(
                chain, passes, ours, required(config), solved(sources), config.mode() == Mode.MONITOR);
    }

    /** Where visitors get the pass that a route requires, or null if none does. */
    static @Nullable ChallengePlace required(GatewayConfig config) {
        return config.hosts().requirePasses() ? config.challenge() : null;
    }

    /** Told the policy that had sent a visitor to a challenge that he has passed. */
    static BiConsumer<RequestContext, String> solved(Sources sources) {
        SitePolicies local = sources.local();
        return (request, policy) -> {
            if (local != null) {
                local.challengeSolved(request, policy);
            }
        };
    }

    private static ProofVerifier verifier(
            GatewayConfig config, Sources sources, EventLoops loops, Clock clock, Parts parts) {
        CloudSource known = sources.cloud();
        return known == null ? verifier(config, loops, clock, parts) : known.proofs(config.proofs(), clock::millis);
    }

    /** Asks Esper about proofs, and nothing else. */
    static ProofVerifier verifier(GatewayConfig config, EventLoops loops, Clock clock, Parts parts) {
        return parts.add(cloud(config, loops, clock)).proofs(config.proofs(), clock::millis);
    }

    /** Nobody here gives proofs, and there is nobody to ask. */
    private static DecisionSource.@Nullable Cancellation unknown(
            String proof, Deadline deadline, ProofVerifier.Sink sink) {
        sink.invalid();
        return null;
    }

    /** What tells Esper, or null if nothing does; what Esper answers is remembered where mitigations are. */
    static @Nullable Beacon beacon(GatewayConfig config, Sources sources, EventLoops loops, Clock clock)
            throws IOException {
        if (config.beacon().mode() == BeaconMode.OFF) {
            return null;
        }
        return Beacon.open(new Beacon.Terms(
                config.beacon(),
                config.esper(),
                config.cloud().caFile(),
                sources.hybrid() == null ? null : sources.hybrid().learning(),
                loops,
                clock::nanos,
                clock::millis));
    }

    /** What remembers why requests were answered as they were. */
    static Explanations explanations(
            GatewayConfig config, Sources sources, Stores stores, Metrics metrics, Clock clock, Parts parts) {
        SharedExplanations shared = SharedExplanations.in(stores.redis(), config.explain());
        if (shared != null) {
            parts.add(shared);
            metrics.gauge(MeterName.EXPLAIN_SHARED, shared::entries);
            metrics.counter(MeterName.EXPLAIN_DROPPED, shared::crowded, "not_shared");
        }
        Explanations explanations = new Explanations(
                config.explain(),
                new Explanations.Terms(sources.local(), sources.cloud(), sources.hybrid(), shared, clock::millis));
        metrics.gauge(MeterName.EXPLAIN_ENTRIES, explanations::entries);
        metrics.gauge(MeterName.EXPLAIN_BYTES, explanations::bytes);
        metrics.counter(MeterName.EXPLAIN_DROPPED, explanations::dropped, "full");
        metrics.counter(MeterName.EXPLAIN_DROPPED, explanations::crowded, "rate");
        return explanations;
    }

    /** What sends spans, or null if nobody wants any. */
    static @Nullable ExchangeListener traces(GatewayConfig config, Metrics metrics, Parts parts) {
        if (config.traces().endpoint() == null) {
            return null;
        }
        TraceExport export = parts.add(TraceExport.open(config.traces()));
        metrics.counter(MeterName.TRACES_SENT, export::sent);
        metrics.counter(MeterName.TRACES_DROPPED, export::overflowed, "full");
        metrics.counter(MeterName.TRACES_DROPPED, export::failed, "failed");
        metrics.gauge(MeterName.TRACES_WAITING, export::waiting);
        return export;
    }

    /** Who is told about finished exchanges. */
    static List<ExchangeListener> listeners(
            Metrics metrics,
            @Nullable AccessLog log,
            @Nullable Beacon beacon,
            @Nullable Recorder recorder,
            @Nullable ExchangeListener traces,
            Explanations explanations,
            Sources sources) {
        List<String> names = sources.chain().stream().map(DecisionSource::name).toList();
        List<ExchangeListener> listeners = new ArrayList<>();
        listeners.add(new ExchangeMetrics(metrics, names));
        if (log != null) {
            listeners.add(log);
        }
        if (beacon != null) {
            listeners.add(beacon);
        }
        if (recorder != null) {
            listeners.add(recorder);
        }
        if (traces != null) {
            listeners.add(traces);
        }
        listeners.add(explanations);
        return List.copyOf(listeners);
    }

    /**
     * What the operator port answers besides its index.
     *
     * @param enforced whether what is decided is also done
     * @param engines of each tenant, or with each set of policies; empty if policies decide nothing here
     * @param explanations of the newest decisions, or null
     * @param own of what only a gateway has, or only a decision service
     */
    static List<Endpoint> endpoints(
            AdminConfig config,
            BooleanSupplier enforced,
            List<ReadinessCheck> checks,
            Metrics metrics,
            @Nullable Beacon beacon,
            Tenants<PolicyEngine> engines,
            AuditLog audit,
            @Nullable Explanations explanations,
            Clock clock,
            List<Endpoint> own) {
        List<Endpoint> endpoints = new ArrayList<>(List.of(
                new HealthEndpoint(),
                new StartupEndpoint(),
                new ReadinessEndpoint(checks),
                new MetricsEndpoint(metrics),
                new LoggersEndpoint(MessageLog.levels(), audit)));
        metrics.gauge(MeterName.LOG_LEVELS_CHANGED, MessageLog.levels()::changes);
        endpoints.addAll(own);
        if (beacon != null) {
            endpoints.add(new BeaconTailEndpoint(beacon));
        }
        if (!engines.isEmpty()) {
            endpoints.add(new PoliciesEndpoint(engines, enforced));
            endpoints.add(new MitigationsEndpoint(engines.map(Mitigations::new), audit));
        }
        if (config.dashboard().enabled()) {
            endpoints.add(EventsEndpoint.of(
                    config.dashboard(), metrics, checks, engines, explanations, clock::nanos, clock::millis));
        }
        return List.copyOf(endpoints);
    }
}
