package com.esperr.gateway.boot;

import com.esperr.gateway.bouncers.Bouncers;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.hosting.ChallengeDesk;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.LiveKeys;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.server.ApiServer;
import com.esperr.gateway.server.FeedHub;
import com.esperr.gateway.server.FeedShape;
import com.esperr.gateway.server.Tenant;
import com.esperr.gateway.server.VisitorNames;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.Windows;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.telemetry.ServiceMetrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a configuration what the decision service answers with, at the start and whenever it changes. What tenants have counted and
 * what is active stays, as do connections; what is made of the configuration alone is made anew. Thread-safe; changes come one after
 * the other, and block on files.
 */
final class Answering implements ConfigReload.Subject {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final List<FieldReference> BY_ADDRESS = List.of(FieldReference.parse("client_ip"));

    /**
     * What there is before and outlasts every configuration.
     *
     * @param keys of callers
     * @param generation what is made of the configuration and has files or memories of its own
     */
    record Base(
            EventLoops loops,
            TenantStores stores,
            LiveKeys keys,
            ScheduledExecutorService feeds,
            LiveGeneration generation,
            Metrics metrics,
            Clock clock,
            Parts parts) {}

    /** What a configuration is answered with besides what tenants have. */
    private record Made(
            ProofKeys proofs, ChallengeDesk desk, @Nullable AccessLog log) {
        List<Fill> fills() {
            List<Fill> all = new ArrayList<>(desk.fills());
            if (log != null) {
                all.add(log.fill());
            }
            return all;
        }
    }

    /** What a tenant has as long as the process lives. */
    private record Kept(
            Windows windows,
            Replicated<ActiveMitigation> mitigations,
            PolicyEngine engine,
            FeedHub feed,
            Bouncers bouncers) {}

    private final Base base;
    private final Pages pages;
    private final HostedChallenges challenges;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final ApiServer server;
    private final ApiServer.Terms first;
    private @Nullable AccessLog shown;
    private @Nullable TenantReload policies;
    private volatile GatewayConfig config;

    /**
     * Begins to answer.
     *
     * @param policies of each tenant that {@code config} names
     * @param ready whether the service should be asked
     * @throws IOException if the address cannot be bound or a file cannot be used; the message names the key
     */
    Answering(GatewayConfig config, Map<String, PolicySet> policies, Base base, BooleanSupplier ready)
            throws IOException {
        this.config = config;
        this.base = base;
        this.pages = new Pages(config.pages());
        base.parts().add(base.generation()::close);
        Made made = made(config, base.generation().now());
        this.challenges = new HostedChallenges(
                config.server().challenge(),
                made.proofs().ring(),
                base.stores().claims(),
                this::publicUrl,
                base.clock()::nanos,
                base.clock()::millis);
        policies.forEach((id, set) -> kept.put(id, keep(id, set)));
        this.first = new ApiServer.Terms(
                config.server(),
                contexts(config),
                tenants(config),
                base.keys(),
                challenges,
                made.desk(),
                pages,
                new ServiceMetrics(base.metrics()),
                ready,
                Entrances.tls(config.server().tls(), base.metrics(), base.parts(), base.clock()),
                sink(made),
                base.clock()::nanos,
                base.clock()::millis);
        this.server = base.parts().add(ApiServer.start(first, base.loops()));
        base.keys().whenFewer(this::reviewFeeds);
        show(made);
    }

    private Made made(GatewayConfig next, Generation parts) throws IOException {
        Path file = next.server().challenge().keyFile();
        // Under the same name it may hold other keys.
        FileStamps content = FileStamps.now(Stream.ofNullable(file).toList());
        return new Made(
                parts.part("proof keys", Arrays.asList(file, content), before -> ProofKeys.open(file, before)),
                Hosting.desk(next, pages, parts, base.loops(), base.metrics(), base.clock()),
                Extensions.log(next, parts));
    }

    private static ApiServer.@Nullable LineSink sink(Made made) {
        AccessLog log = made.log();
        return log == null ? null : log::line;
    }

    private void show(Made made) {
        base.metrics().showInstead(made.fills());
        AccessLog log = made.log();
        if (log != null && log != shown) {
            base.metrics().counter(MeterName.ACCESS_LOG_DROPPED, log::dropped);
        }
        shown = log;
    }

    private RequestContexts contexts(GatewayConfig next) {
        return new RequestContexts(
                next.client().rules(), next.paths(), next.routes(), next.sourceName(), base.clock()::millis);
    }

    private Kept keep(String id, PolicySet policies) {
        Parts parts = base.parts();
        Windows windows = base.stores().windows();
        Replicated<ActiveMitigation> mitigations = parts.add(base.stores().mitigations(id));
        PolicyEngine engine = parts.add(new PolicyEngine(policies, terms(config, id, windows, mitigations)));
        base.stores().keepUp(engine);
        FeedHub feed = parts.add(new FeedHub(
                id,
                mitigations,
                () -> shape(engine, config.client().ipv6Prefix()),
                config.server(),
                base.feeds(),
                base.clock()::millis));
        Bouncers bouncers = new Bouncers(
                mitigations,
                mitigation -> mitigation.tenant().equals(id) && isForBouncers(engine, mitigation),
                config.client().ipv6Prefix(),
                config.server().bouncers().max(),
                base.feeds(),
                base.clock()::millis);
        return new Kept(windows, mitigations, engine, feed, bouncers);
    }

    private PolicyEngine.Terms terms(
            GatewayConfig next, String id, Windows windows, Replicated<ActiveMitigation> mitigations) {
        return new PolicyEngine.Terms(
                id,
                windows,
                mitigations,
                base.stores().seed(),
                next.client().ipv6Prefix(),
                challenges.place(id, next.server().returnHosts(id)),
                base.clock()::millis);
    }

    private Map<String, Tenant> tenants(GatewayConfig next) {
        Map<String, Tenant> all = new LinkedHashMap<>();
        int prefix = next.client().ipv6Prefix();
        kept.forEach((id, each) -> all.put(
                id,
                new Tenant(
                        id,
                        each.engine(),
                        new VisitorNames(each.engine()::seed, prefix),
                        each.feed(),
                        each.bouncers())));
        return all;
    }

    /** A visitor who is more than his address shares it with others, who would meet what is meant for him. */
    private boolean isForBouncers(PolicyEngine engine, ActiveMitigation mitigation) {
        return config.server().bouncers().wholeAddress()
                || BY_ADDRESS.equals(engine.policies().closedEntities().get(mitigation.entity()));
    }

    private static FeedShape shape(PolicyEngine engine, int prefix) {
        List<FeedShape.Entity> entities = new ArrayList<>();
        engine.policies()
                .closedEntities()
                .forEach((name, fields) -> entities.add(new FeedShape.Entity(
                        name, fields.stream().map(FieldReference::toString).toList())));
        return new FeedShape(engine.seed(), prefix, entities);
    }

    /** Has {@code reload} told of policies that come with another configuration. */
    void follow(TenantReload reload) {
        policies = reload;
    }

    @Override
    public Candidate check(Loaded<GatewayConfig> next) {
        CheckedTenants checked = CheckedTenants.of(next);
        List<Problem> problems = new ArrayList<>(checked.problems());
        GatewayConfig sketch = next.sketch();
        Path file = sketch == null ? null : sketch.server().keysFile();
        if (file != null) {
            try {
                var unused = new KeyFile(file).read();
            } catch (IOException unreadable) {
                problems.add(new Problem(
                        next.place(List.of("server", "keys-file")),
                        "server.keys-file",
                        file + ", " + String.valueOf(unreadable.getMessage()).split(" \\(expected: ", 2)[0],
                        "a file that \"keys create\" wrote"));
            }
        }
        TenantPolicies compiled = checked.policies();
        return new Candidate(
                next,
                List.copyOf(problems),
                checked.warnings(),
                compiled == null ? null : () -> replace(next.value(), compiled));
    }

    @Override
    public List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        return ServiceKeys.restart(before, next);
    }

    private Runnable replace(GatewayConfig next, TenantPolicies compiled) {
        Generation parts = new Generation(base.generation().now());
        Made made;
        try {
            made = made(next, parts);
            base.keys().follow(new KeyFile(keysFile(next)), next.server().keysInterval());
        } catch (IOException | RuntimeException unusable) {
            parts.discard();
            throw new IllegalArgumentException(unusable.getMessage(), unusable);
        }
        // From here on parts of it are in use, so that whatever fails closes none of them.
        put(next, made);
        base.generation().replace(parts);
        if (policies != null) {
            policies.replace(next, compiled);
        }
        reviewFeeds();
        return () -> relieve(parts, made);
    }

    private void relieve(Generation parts, Made made) {
        if (!parts.made().isEmpty()) {
            LOG.info("configuration: made anew: {}", String.join(", ", parts.made()));
            // Whoever has looked something up and not used it yet has done so by then.
            base.loops().awaitTurn(TURN);
        }
        parts.relieve();
        show(made);
    }

    private void reviewFeeds() {
        kept.values().forEach(each -> each.feed().review());
    }

    private void put(GatewayConfig next, Made made) {
        config = next;
        pages.restyle(next.pages());
        challenges.retune(next.server().challenge(), made.proofs().ring());
        kept.forEach((id, each) -> {
            each.engine().retune(terms(next, id, each.windows(), each.mitigations()));
            each.feed().retune(next.server());
            each.bouncers()
                    .retune(next.client().ipv6Prefix(), next.server().bouncers().max());
        });
        server.replace(new ApiServer.Terms(
                next.server(),
                contexts(next),
                tenants(next),
                base.keys(),
                challenges,
                made.desk(),
                pages,
                first.metrics(),
                first.ready(),
                first.tls(),
                sink(made),
                first.nanos(),
                first.millis()));
    }

    /** Where the keys are. */
    static Path keysFile(GatewayConfig config) throws IOException {
        Path file = config.server().keysFile();
        if (file == null) {
            throw new IOException("server.keys-file: missing (expected: the file that \"keys create\" writes)");
        }
        return file;
    }

    /** Those whose requests are decided, by their id. */
    Map<String, Tenant> tenants() {
        return tenants(config);
    }

    HostedChallenges challenges() {
        return challenges;
    }

    ApiServer server() {
        return server;
    }

    /** Under which visitors reach the pages. */
    String publicUrl() {
        OriginUrl configured = config.server().publicUrl();
        if (configured != null) {
            return configured.toString();
        }
        HostPort address = config.server().address();
        String host = address.anyHost() ? "127.0.0.1" : address.bracketedHost();
        return (server.isTls() ? "https://" : "http://") + host + ":" + server.port();
    }
}
