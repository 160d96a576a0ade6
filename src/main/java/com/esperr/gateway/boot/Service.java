package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminServer;
import com.esperr.gateway.admin.ConfigEndpoint;
import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.admin.ReloadEndpoint;
import com.esperr.gateway.admin.Tenants;
import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.LiveKeys;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.server.ApiServer;
import com.esperr.gateway.server.Tenant;
import com.esperr.gateway.state.RedisStore;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.MessageLog;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running decision service: what was composed, and the order in which it ends. Thread-safe; {@link #start} and
 * {@link #close} block and are not for event loops.
 */
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Parts parts = new Parts();
    private final Clock clock = Clock.SYSTEM;
    private final Metrics metrics = parts.add(new Metrics());
    private final Answering answering;
    private final ApiServer server;
    private final ConfigReload config;
    private final @Nullable AdminServer admin;
    private volatile BooleanSupplier ready = () -> false;
    private volatile boolean stopping;

    private Service(Loaded<GatewayConfig> loaded, Map<String, PolicySet> policies, String version) throws IOException {
        GatewayConfig first = loaded.value();
        try {
            AuditLog audit = parts.add(AuditLog.open(first.log().audit(), clock::millis));
            LiveGeneration generation = new LiveGeneration();
            parts.add(generation::closeJournals);
            LiveKeys keys = openKeys(first, audit);
            EventLoops loops = parts.add(EventLoops.start(first.runtime()));
            TenantStores stores = parts.add(TenantStores.open(first.state(), first.policies(), clock));
            Answering.Base base =
                    new Answering.Base(loops, stores, keys, feedThread(), generation, metrics, clock, parts);
            this.answering = new Answering(first, policies, base, this::isReady);
            this.server = answering.server();
            ready = () -> checks(keys).stream().allMatch(check -> check.ask() == null);
            connect(keys, answering.challenges());
            connect(stores);
            answering.follow(TenantReload.begin(first, answering.tenants()::now, audit, metrics, version, parts));
            this.config = ConfigReload.begin(loaded, answering, audit, metrics, clock::millis, parts);
            this.admin = admin(first, loops, () -> checks(keys), audit);
        } catch (IOException | RuntimeException failed) {
            parts.close();
            throw failed;
        }
    }

    private boolean isReady() {
        return ready.getAsBoolean();
    }

    /**
     * Starts everything; the listener is open when this returns.
     *
     * @param loaded the configuration, and where it is read again
     * @param policies of each tenant that it names
     * @param version our own, for the metrics
     * @throws IOException if an address cannot be bound or a file cannot be used; the message names the key
     */
    public static Service start(Loaded<GatewayConfig> loaded, Map<String, PolicySet> policies, String version)
            throws IOException {
        return new Service(loaded, policies, version);
    }

    private LiveKeys openKeys(GatewayConfig first, AuditLog audit) throws IOException {
        LiveKeys keys = parts.add(LiveKeys.open(
                new KeyFile(Answering.keysFile(first)),
                first.server().keysInterval(),
                (event, key) -> audit.record(event, "file", Map.of("key", key.id(), "tenant", key.tenantId()))));
        audit.record(
                "keys-in-force",
                "start",
                Map.of("keys", Integer.toString(keys.now().size())));
        return keys;
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

    private void connect(LiveKeys keys, HostedChallenges challenges) {
        metrics.show(challenges.fill());
        FillGauges.connect(metrics, MessageLog.fills());
        metrics.gauge(MeterName.SERVER_KEYS, () -> keys.now().size());
        metrics.gauge(MeterName.SERVER_CONNECTIONS, server::connections);
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::opened, "opened");
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::passed, "passed");
        metrics.counter(MeterName.SERVER_CHALLENGES, challenges::dropped, "dropped");
    }

    private void connect(TenantStores stores) {
        RedisStore redis = stores.redis();
        answering.tenants().connect(metrics, redis == null);
        if (redis != null) {
            Gauges.connect(metrics, List.of(), redis);
        }
        Gauges.connect(metrics, stores.claims());
        FillGauges.connect(metrics, List.of(), stores.claims(), redis);
    }

    private List<ReadinessCheck> checks(LiveKeys keys) {
        List<ReadinessCheck> all = new ArrayList<>();
        all.add(new ReadinessCheck("running", () -> stopping ? "shutting down" : null));
        all.add(new ReadinessCheck("keys", keys::trouble));
        all.addAll(answering.tenants().checks());
        return all;
    }

    private @Nullable AdminServer admin(
            GatewayConfig first, EventLoops loops, Supplier<List<ReadinessCheck>> checks, AuditLog audit)
            throws IOException {
        if (first.admin().address() == null) {
            return null;
        }
        AdminServer server = AdminServer.start(
                first.admin(),
                Extensions.endpoints(
                        first.admin(),
                        () -> true,
                        checks,
                        metrics,
                        null,
                        Tenants.tenants(answering.tenants()::engines),
                        audit,
                        null,
                        clock,
                        List.of(new ConfigEndpoint(config), new ReloadEndpoint(config))),
                loops.group(),
                loops.serverChannel());
        FillGauges.connect(metrics, server.fills());
        return server;
    }

    /** What is in force. */
    public GatewayConfig config() {
        return config.config();
    }

    /** Reads the configuration again, as {@code by} wants it, and puts it in force if nothing is wrong with it; blocks on files. */
    public void reload(String by) {
        var unused = config.reload(by);
    }

    /** Those whose requests are decided, by their id. */
    public Map<String, Tenant> tenants() {
        return answering.tenants().tenants(config());
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
        return answering.publicUrl();
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
                config().shutdown().grace().toMillis());
        await(config().shutdown().grace().toNanos(), false);
        server.drain();
        answering.tenants().now().values().forEach(tenant -> tenant.feed().close());
        await(config().shutdown().drain().toNanos(), true);
        config.end();
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
