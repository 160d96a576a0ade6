package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminServer;
import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.admin.Tenants;
import com.esperr.gateway.bouncers.Bouncers;
import com.esperr.gateway.challenge.HostedChallenges;
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
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.telemetry.ServiceMetrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running decision service: what was composed, and the order in which it ends. Thread-safe; {@link #start} and
 * {@link #close} block and are not for event loops.
 */
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final List<FieldReference> BY_ADDRESS = List.of(FieldReference.parse("client_ip"));
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final GatewayConfig config;
    private final Parts parts = new Parts();
    private final Clock clock = Clock.SYSTEM;
    private final Metrics metrics = parts.add(new Metrics());
    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private final ApiServer server;
    private final @Nullable AdminServer admin;
    private volatile boolean stopping;

    private Service(GatewayConfig config, Map<String, PolicySet> policies, String version) throws IOException {
        this.config = config;
        try {
            AuditLog audit = parts.add(AuditLog.open(config.log().audit(), clock::millis));
            AccessLog log = openLog();
            LiveKeys keys = openKeys(audit);
            EventLoops loops = parts.add(EventLoops.start(config.runtime()));
            Pages pages = new Pages(config.pages());
            TenantStores stores = parts.add(TenantStores.open(config.state(), config.policies(), clock));
            HostedChallenges challenges = HostedChallenges.open(
                    config.server().challenge(), stores.claims(), this::publicUrl, clock::nanos, clock::millis);
            ScheduledExecutorService feeds = feedThread();
            for (Map.Entry<String, PolicySet> tenant : policies.entrySet()) {
                tenants.put(tenant.getKey(), tenant(tenant.getKey(), tenant.getValue(), stores, challenges, feeds));
            }
            this.server = ApiServer.start(
                    new ApiServer.Terms(
                            config.server(),
                            contexts(),
                            tenants,
                            keys,
                            challenges,
                            Hosting.desk(config, pages, parts.add(new Generation(null)), loops, metrics, clock),
                            pages,
                            new ServiceMetrics(metrics),
                            () -> checks(keys).stream().allMatch(check -> check.ask() == null),
                            Entrances.tls(config.server().tls(), metrics, parts, clock),
                            log == null ? null : log::line,
                            clock::nanos,
                            clock::millis),
                    loops);
            parts.add(server);
            connect(keys, challenges);
            Gauges.connect(metrics, stores.memory(), stores.redis());
            Gauges.connect(metrics, stores.claims());
            FillGauges.connect(metrics, stores.memory(), stores.claims(), stores.redis());
            TenantReload.begin(config, tenants, audit, metrics, version, parts);
            this.admin = admin(loops, keys, audit);
        } catch (IOException | RuntimeException failed) {
            parts.close();
            throw failed;
        }
    }

    /**
     * Starts everything; the listener is open when this returns.
     *
     * @param policies of each tenant that {@code config} names
     * @param version our own, for the metrics
     * @throws IOException if an address cannot be bound or a file cannot be used; the message names the key
     */
    public static Service start(GatewayConfig config, Map<String, PolicySet> policies, String version)
            throws IOException {
        return new Service(config, policies, version);
    }

    private LiveKeys openKeys(AuditLog audit) throws IOException {
        LiveKeys keys = parts.add(LiveKeys.open(
                new KeyFile(keysFile()),
                config.server().keysInterval(),
                (event, key) -> audit.record(event, "file", Map.of("key", key.id(), "tenant", key.tenantId()))));
        audit.record(
                "keys-in-force",
                "start",
                Map.of("keys", Integer.toString(keys.now().size())));
        return keys;
    }

    private Path keysFile() throws IOException {
        Path file = config.server().keysFile();
        if (file == null) {
            throw new IOException("server.keys-file: missing (expected: the file that \"keys create\" writes)");
        }
        return file;
    }

    private @Nullable AccessLog openLog() throws IOException {
        if (config.log().accessOff()) {
            return null;
        }
        AccessLog log = parts.add(AccessLog.open(config.log()));
        metrics.show(log.fill());
        metrics.counter(MeterName.ACCESS_LOG_DROPPED, log::dropped);
        return log;
    }

    private ScheduledExecutorService feedThread() {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "feed");
            made.setDaemon(true);
            return made;
        });
        parts.add(thread::shutdown);
        return thread;
    }

    private RequestContexts contexts() {
        return new RequestContexts(
                config.client().rules(), config.paths(), config.routes(), config.sourceName(), clock::millis);
    }

    private Tenant tenant(
            String id,
            PolicySet policies,
            TenantStores stores,
            HostedChallenges challenges,
            ScheduledExecutorService feeds) {
        Replicated<ActiveMitigation> mitigations = parts.add(stores.mitigations(id));
        int prefix = config.client().ipv6Prefix();
        PolicyEngine engine = parts.add(new PolicyEngine(
                policies,
                new PolicyEngine.Terms(
                        id,
                        stores.windows(),
                        mitigations,
                        stores.seed(),
                        prefix,
                        challenges.place(id, config.server().returnHosts(id)),
                        clock::millis)));
        stores.keepUp(engine);
        FeedHub feed = parts.add(
                new FeedHub(id, mitigations, () -> shape(engine, prefix), config.server(), feeds, clock::millis));
        Bouncers bouncers = new Bouncers(
                mitigations,
                mitigation -> mitigation.tenant().equals(id) && isForBouncers(engine, mitigation),
                prefix,
                config.server().bouncers().max(),
                feeds,
                clock::millis);
        return new Tenant(id, engine, new VisitorNames(engine::seed, prefix), feed, bouncers);
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

    private void connect(LiveKeys keys, HostedChallenges challenges) {
        metrics.show(challenges.fill());
        FillGauges.ofTenants(metrics, tenants.values());
        metrics.gauge(MeterName.SERVER_KEYS, () -> keys.now().size());
        metrics.gauge(MeterName.SERVER_CONNECTIONS, server::connections);
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::opened, "opened");
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::passed, "passed");
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::dropped, "dropped");
        metrics.gauge(
                MeterName.SERVER_FEED_SUBSCRIBERS,
                () -> tenants.values().stream()
                        .mapToInt(tenant -> tenant.feed().subscribers())
                        .sum());
        metrics.counter(
                MeterName.SERVER_FEED_CUTS,
                () -> tenants.values().stream()
                        .mapToLong(tenant -> tenant.feed().cuts())
                        .sum());
        List<PolicyEngine> engines =
                tenants.values().stream().map(Tenant::engine).toList();
        Gauges.connectTenants(metrics, engines);
    }

    private List<ReadinessCheck> checks(LiveKeys keys) {
        List<ReadinessCheck> all = new ArrayList<>();
        all.add(new ReadinessCheck("running", () -> stopping ? "shutting down" : null));
        all.add(new ReadinessCheck("keys", keys::trouble));
        tenants.values()
                .forEach(tenant -> all.add(new ReadinessCheck("tenant:" + tenant.id(), tenant.engine()::trouble)));
        return all;
    }

    private @Nullable AdminServer admin(EventLoops loops, LiveKeys keys, AuditLog audit) throws IOException {
        if (config.admin().address() == null) {
            return null;
        }
        Map<String, PolicyEngine> engines = new LinkedHashMap<>();
        tenants.values().forEach(tenant -> engines.put(tenant.id(), tenant.engine()));
        AdminServer server = AdminServer.start(
                config.admin(),
                Extensions.endpoints(
                        config.admin(),
                        () -> true,
                        () -> checks(keys),
                        metrics,
                        null,
                        Tenants.tenants(engines),
                        audit,
                        null,
                        clock,
                        List.of()),
                loops.group(),
                loops.serverChannel());
        FillGauges.connect(metrics, server.fills());
        return server;
    }

    /** What is in force. */
    public GatewayConfig config() {
        return config;
    }

    /** Those whose requests are decided, by their id. */
    public Map<String, Tenant> tenants() {
        return Map.copyOf(tenants);
    }

    /** The port that clients connect to. */
    public int port() {
        return server.port();
    }

    /** The operator port, or 0 when there is none. */
    public int adminPort() {
        return admin == null ? 0 : admin.address().getPort();
    }

    /** Under which visitors reach the pages. */
    public String publicUrl() {
        OriginUrl configured = config.server().publicUrl();
        if (configured != null) {
            return configured.toString();
        }
        HostPort address = config.server().address();
        String host = address.anyHost() ? "127.0.0.1" : address.bracketedHost();
        return (server.isTls() ? "https://" : "http://") + host + ":" + port();
    }

    /**
     * Ends in order: not ready but answering for {@code shutdown.grace}; then no new connections, and requests under way may
     * finish within {@code shutdown.drain}; then everything else. Closing again does nothing.
     */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        LOG.info(
                "stopping: not ready, still answering for {} ms",
                config.shutdown().grace().toMillis());
        await(config.shutdown().grace().toNanos(), false);
        server.drain();
        tenants.values().forEach(tenant -> tenant.feed().close());
        await(config.shutdown().drain().toNanos(), true);
        if (admin != null) {
            admin.close();
        }
        parts.close();
        LOG.info("stopped");
    }

    private void await(long nanos, boolean untilNobodyIsThere) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos && !(untilNobodyIsThere && server.connections() == 0)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
