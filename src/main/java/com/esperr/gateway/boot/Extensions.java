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
import com.esperr.gateway.bots.Bots;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.cloud.CloudSource;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.esper.RedirectRules;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.explain.ExplainConfig;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.explain.SharedExplanations;
import com.esperr.gateway.hybrid.FeedKind;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.hybrid.Learning;
import com.esperr.gateway.hybrid.Mitigation;
import com.esperr.gateway.hybrid.MitigationFeed;
import com.esperr.gateway.hybrid.PushedFeed;
import com.esperr.gateway.hybrid.SharedFeed;
import com.esperr.gateway.policy.Mitigations;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.replay.RecordConfig;
import com.esperr.gateway.replay.Recorder;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.LogConfig;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.tracing.Spans;
import com.esperr.gateway.tracing.TraceExport;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one list of implementations: who decides, who is told, what the operator port answers. Adding one is its own file and
 * a line here. Stateless.
 */
final class Extensions {
    private static final String WATCHING = "default-monitor";
    private static final String LEARNED = "learned";
    private static final Duration AT_LAST = Duration.ofSeconds(1);

    private Extensions() {}

    /** Who decides, in the order they are asked. */
    static Sources sources(GatewayConfig config, Policies policies, Generation parts, Foundation base)
            throws IOException {
        return switch (config.source()) {
            case LOCAL -> Sources.of(local(config, policies.sets(), parts, base));
            case CLOUD -> Sources.of(asking(config, parts, base));
            case HYBRID -> hybrid(config, parts, base);
        };
    }

    /** Who tells of mitigations besides Esper's own answers. */
    private static List<MitigationFeed> feeds(
            GatewayConfig config, @Nullable Replicated<Mitigation> shared, Foundation base) {
        List<MitigationFeed> feeds = new ArrayList<>();
        if (config.hybrid().feeds(FeedKind.PUSHED)) {
            feeds.add(PushedFeed.of(
                    config.hybrid().pushed(),
                    config.cloud().client(config.esper().apiUrl()),
                    new MitigationQuestionWriter(config.esper()).headers(),
                    base.loops(),
                    base.clock()::nanos));
        }
        if (shared != null) {
            feeds.add(SharedFeed.of(shared, base.loops()));
        }
        return feeds;
    }

    private static Sources hybrid(GatewayConfig config, Generation parts, Foundation base) throws IOException {
        Stores stores = base.stores();
        RedisStore redis = config.hybrid().feeds(FeedKind.SHARED) ? stores.redis() : null;
        long most = config.hybrid().maxEntries();
        Replicated<Mitigation> shared = redis == null
                ? null
                : parts.part(
                        "shared mitigations",
                        List.of(most),
                        before -> redis.replicated(LEARNED, SharedFeed.CODEC, most),
                        (gone, next) -> gone.close());
        List<?> asked = config.hybrid().feeds(FeedKind.PUSHED)
                ? List.of(
                        config.esper(),
                        config.cloud(),
                        FileStamps.named(config.cloud().caFile()))
                : List.of();
        HybridSource hybrid = parts.part(
                "hybrid",
                Arrays.asList(config.hybrid(), config.challenge(), asked, shared),
                before -> {
                    HybridSource.Terms terms = new HybridSource.Terms(
                            config.hybrid(),
                            config.challenge(),
                            feeds(config, shared, base),
                            shared == null ? null : stores.seed().get(),
                            base.clock()::nanos,
                            base.clock()::millis);
                    return before == null ? HybridSource.create(terms) : HybridSource.after(before, terms);
                },
                HybridSource::leaveTo);
        return switch (config.hybrid().onMiss()) {
            case ALLOW -> Sources.of(hybrid);
            case ASK -> Sources.of(hybrid, asking(config, parts, base));
        };
    }

    private static SitePolicies local(
            GatewayConfig config, Map<String, PolicySet> policies, Generation parts, Foundation base)
            throws IOException {
        Map<String, PolicyEngine> engines = new LinkedHashMap<>();
        for (Map.Entry<String, PolicySet> named : policies.entrySet()) {
            String name = named.getKey();
            engines.put(
                    name,
                    parts.part(
                            "policies of " + name,
                            List.of(),
                            before -> new PolicyEngine(
                                    named.getValue(), terms(config, name, base.stores(), base.clock())),
                            (gone, next) -> gone.close()));
        }
        return parts.part(
                "policies",
                List.of(engines),
                before -> before == null ? new SitePolicies(engines) : before.with(engines));
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

    /** Who asks Esper, about requests and about proofs. */
    static CloudSource asking(GatewayConfig config, Generation parts, Foundation base) throws IOException {
        return parts.part(
                "cloud",
                List.of(
                        config.esper(),
                        config.cloud(),
                        FileStamps.named(config.cloud().caFile()),
                        config.challengeHosts()),
                before -> cloud(config, base.loops(), base.clock()),
                (gone, next) -> {
                    gone.retire();
                    // So that nearly all of its answers are still counted.
                    var unused = Gateway.await(() -> gone.callsInFlight() == 0, AT_LAST);
                });
    }

    static CloudSource cloud(GatewayConfig config, EventLoops loops, Clock clock) {
        RedirectRules redirects = RedirectRules.of(config.esper().apiUrl().host(), config.challengeHosts());
        return CloudSource.create(config.esper(), config.cloud(), redirects, loops, clock::nanos, clock::millis);
    }

    /** Who knows good bots. */
    static Bots bots(GatewayConfig config, Generation parts, Foundation base) throws IOException {
        Clock clock = base.clock();
        return parts.part(
                "bots",
                List.of(config.bots()),
                before -> Bots.open(config.bots(), base.loops(), before, clock::nanos, clock::millis),
                Bots::leaveTo);
    }

    /** Who stands before the decisions of {@code chain}. */
    static Admission.Terms admission(GatewayConfig config, Lineup now, DecisionChain chain) {
        return new Admission.Terms(
                chain,
                now.passes(),
                now.reception(),
                required(config),
                solved(now.sources()),
                config.mode() == Mode.MONITOR);
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

    /** The log of requests, or null if there is none. */
    static @Nullable AccessLog log(GatewayConfig config, Generation parts) throws IOException {
        LogConfig log = config.log();
        return log.accessOff()
                ? null
                : parts.journal(
                        "access log",
                        List.of(log.access(), log.ja4(), log.accessQueue()),
                        before -> AccessLog.open(log),
                        (gone, next) -> gone.close());
    }

    /** What records requests for other policies, or null if nothing does. */
    static @Nullable Recorder recorder(GatewayConfig config, Generation parts) throws IOException {
        RecordConfig record = config.record();
        return record.file() == null
                ? null
                : parts.journal(
                        "record",
                        List.of(record),
                        before -> Objects.requireNonNull(Recorder.open(record, before)),
                        Recorder::leaveTo);
    }

    /** What tells Esper, or null if nothing does; what Esper answers is remembered where mitigations are. */
    static @Nullable Beacon beacon(GatewayConfig config, Sources sources, Generation parts, Foundation base)
            throws IOException {
        if (config.beacon().mode() == BeaconMode.OFF) {
            return null;
        }
        Learning learning = sources.hybrid() == null ? null : sources.hybrid().learning();
        return parts.part(
                "beacon",
                Arrays.asList(
                        config.beacon(),
                        config.esper(),
                        FileStamps.named(config.cloud().caFile()),
                        learning),
                before -> {
                    Beacon.Terms terms = new Beacon.Terms(
                            config.beacon(),
                            config.esper(),
                            config.cloud().caFile(),
                            learning,
                            base.loops(),
                            base.loops().inherited().given(),
                            base.clock()::nanos,
                            base.clock()::millis);
                    return before == null ? Beacon.open(terms) : Beacon.after(before, terms);
                },
                Beacon::leaveTo);
    }

    /** What remembers why requests were answered as they were. */
    static Explanations explanations(GatewayConfig config, Supplier<Lineup> lineup, Foundation base) {
        Metrics metrics = base.metrics();
        Explanations explanations = new Explanations(
                config.explain(),
                new Explanations.Terms(
                        () -> lineup.get().sources().local(),
                        () -> lineup.get().sources().cloud(),
                        () -> lineup.get().sources().hybrid(),
                        base.clock()::millis));
        explanations.retune(config.explain(), lineup.get().explained());
        FillGauges.connect(metrics, explanations.fills());
        metrics.gauge(MeterName.EXPLAIN_ENTRIES, explanations::entries);
        metrics.gauge(MeterName.EXPLAIN_BYTES, explanations::bytes);
        metrics.counter(MeterName.EXPLAIN_DROPPED, explanations::dropped, "full");
        metrics.counter(MeterName.EXPLAIN_DROPPED, explanations::crowded, "rate");
        return explanations;
    }

    /** What gateways explain to each other, or null if they share nothing. */
    static @Nullable SharedExplanations explained(GatewayConfig config, Generation parts, Foundation base)
            throws IOException {
        ExplainConfig explain = config.explain();
        RedisStore redis = base.stores().redis();
        return redis == null || explain.entries() == 0
                ? null
                : parts.part(
                        "shared explanations",
                        List.of(explain.entries(), explain.bytes(), explain.lifetime()),
                        before -> Objects.requireNonNull(SharedExplanations.in(redis, explain)),
                        (gone, next) -> gone.close());
    }

    /** What sends spans, or null if nobody wants any. */
    static @Nullable Spans traces(GatewayConfig config, Generation parts) throws IOException {
        return config.traces().endpoint() == null
                ? null
                : parts.<Spans>part(
                        "traces",
                        List.of(config.traces()),
                        before -> TraceExport.open(config.traces()),
                        (gone, next) -> gone.close());
    }

    /** What records the changes that people make. */
    static AuditLog audit(GatewayConfig config, Generation parts, Clock clock) throws IOException {
        return parts.journal(
                "audit log",
                Arrays.asList(config.log().audit()),
                before -> AuditLog.open(config.log().audit(), clock::millis),
                AuditLog::leaveTo);
    }

    /** Who is told about finished exchanges, in this order. */
    static List<ExchangeListener> listeners(
            ExchangeListener metrics,
            @Nullable AccessLog log,
            @Nullable Beacon beacon,
            @Nullable Recorder recorder,
            @Nullable ExchangeListener traces,
            Explanations explanations) {
        return Stream.of(metrics, log, beacon, recorder, traces, explanations)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * What the operator port answers besides its index.
     *
     * @param enforced whether what is decided is also done
     * @param engines of each tenant, or with each set of policies; none while policies decide nothing here
     * @param explanations of the newest decisions, or null
     * @param own of what only a gateway has, or only a decision service
     */
    static List<Endpoint> endpoints(
            AdminConfig config,
            BooleanSupplier enforced,
            Supplier<List<ReadinessCheck>> checks,
            Metrics metrics,
            @Nullable Supplier<@Nullable Beacon> beacon,
            Tenants<PolicyEngine> engines,
            Audit audit,
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
        endpoints.add(new PoliciesEndpoint(engines, enforced));
        endpoints.add(new MitigationsEndpoint(engines.map(Mitigations::new), audit));
        if (config.dashboard().enabled()) {
            endpoints.add(EventsEndpoint.of(
                    config.dashboard(), metrics, checks, engines, explanations, clock::nanos, clock::millis));
        }
        return List.copyOf(endpoints);
    }
}
