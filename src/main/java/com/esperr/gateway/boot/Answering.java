package com.esperr.gateway.boot;

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
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.server.ApiServer;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.telemetry.ServiceMetrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
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

    /** What a configuration is answered with. */
    private record Made(
            ProofKeys proofs, ChallengeDesk desk, @Nullable AccessLog log, Map<String, Tenancy> tenants) {
        List<Fill> fills() {
            List<Fill> all = new ArrayList<>(desk.fills());
            tenants.values().forEach(tenant -> all.addAll(tenant.fills()));
            if (log != null) {
                all.add(log.fill());
            }
            return all;
        }
    }

    private final Base base;
    private final Pages pages;
    private final HostedChallenges challenges;
    private final Tenancies tenants = new Tenancies();
    private final Tenancy.Terms tenancy;
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
        this.challenges = new HostedChallenges(
                config.server().challenge(),
                proofs(config, base.generation().now()).ring(),
                base.stores().claims(),
                this::publicUrl,
                base.clock()::nanos,
                base.clock()::millis);
        this.tenancy = new Tenancy.Terms(base.stores(), challenges, base.feeds(), base.clock(), () -> this.config);
        Made made = made(config, policies, base.generation().now());
        tenants.replace(made.tenants());
        base.stores().onSeed(tenants::reseed);
        // Whatever was agreed on between reading the seed and listening.
        tenants.reseed(base.stores().seed());
        this.first = new ApiServer.Terms(
                config.server(),
                contexts(config),
                tenants.tenants(config),
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
        base.keys().whenFewer(tenants::reviewFeeds);
        show(made);
    }

    private static ProofKeys proofs(GatewayConfig next, Generation parts) throws IOException {
        Path file = next.server().challenge().keyFile();
        return parts.part("proof keys", List.of(FileStamps.named(file)), before -> ProofKeys.open(file, before));
    }

    private Made made(GatewayConfig next, Map<String, PolicySet> policies, Generation parts) throws IOException {
        Map<String, Tenancy> served = new LinkedHashMap<>();
        for (Map.Entry<String, PolicySet> one : policies.entrySet()) {
            String id = one.getKey();
            served.put(
                    id,
                    parts.part(
                            "tenant " + id,
                            List.of(),
                            before -> new Tenancy(id, one.getValue(), next, tenancy),
                            (gone, same) -> gone.leave()));
        }
        return new Made(
                proofs(next, parts),
                Hosting.desk(next, pages, parts, base.loops(), base.metrics(), base.clock()),
                Extensions.log(next, parts),
                served);
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
                compiled == null ? null : () -> new ConfigReload.Swapped(List.of(), replace(next.value(), compiled)));
    }

    @Override
    public List<String> restart(Loaded<GatewayConfig> before, Loaded<GatewayConfig> next) {
        return ServiceKeys.restart(before, next);
    }

    private Runnable replace(GatewayConfig next, TenantPolicies compiled) {
        Generation parts = new Generation(base.generation().now());
        Made made;
        try {
            made = made(next, compiled.sets(), parts);
            awaitNew(made, next.state().redis().connectTimeout());
            base.keys().follow(new KeyFile(keysFile(next)), next.server().keysInterval());
        } catch (IOException | RuntimeException unusable) {
            parts.discard();
            throw new IllegalArgumentException(unusable.getMessage(), unusable);
        }
        // From here on parts of it are in use, so that whatever fails closes none of them, and all that was before
        // ends.
        base.generation().replace(parts);
        put(next, made);
        TenantReload reload = policies;
        if (reload != null) {
            Regardless.take("policies of tenants are not followed", () -> reload.replace(next, compiled));
        }
        Regardless.take("feeds are not reviewed", tenants::reviewFeeds);
        return () -> relieve(parts, made);
    }

    /**
     * Else whoever is blocked would be let in until what is kept elsewhere is known, and the service, which serves others, not be ready
     * until then.
     */
    private void awaitNew(Made made, Duration limit) {
        Map<String, Tenancy> known = tenants.now();
        List<Tenancy> coming = made.tenants().values().stream()
                .filter(one -> !known.containsValue(one))
                .toList();
        if (!Gateway.await(() -> coming.stream().allMatch(one -> one.engine().trouble() == null), limit)) {
            LOG.warn("serving {} new tenants without knowing who of their visitors is blocked", coming.size());
        }
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

    private void put(GatewayConfig next, Made made) {
        config = next;
        Regardless.take("pages are the ones before", () -> pages.restyle(next.pages()));
        Regardless.take(
                "challenges are the ones before",
                () -> challenges.retune(next.server().challenge(), made.proofs().ring()));
        Regardless.take("tenants are the ones before", () -> tenants.replace(made.tenants()));
        made.tenants()
                .forEach((id, each) -> Regardless.take("tenant " + id + " is as before", () -> each.retune(next)));
        // Whatever was agreed on meanwhile.
        Regardless.take(
                "secrets are the ones before",
                () -> tenants.reseed(base.stores().seed()));
        Regardless.take("questions are answered as before", () -> server.replace(terms(next, made)));
    }

    private ApiServer.Terms terms(GatewayConfig next, Made made) {
        return new ApiServer.Terms(
                next.server(),
                contexts(next),
                tenants.tenants(next),
                base.keys(),
                challenges,
                made.desk(),
                pages,
                first.metrics(),
                first.ready(),
                first.tls(),
                sink(made),
                first.nanos(),
                first.millis());
    }

    /** Where the keys are. */
    static Path keysFile(GatewayConfig config) throws IOException {
        Path file = config.server().keysFile();
        if (file == null) {
            throw new IOException("server.keys-file: missing (expected: the file that \"keys create\" writes)");
        }
        return file;
    }

    /** Those whose requests are decided. */
    Tenancies tenants() {
        return tenants;
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
