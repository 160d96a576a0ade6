package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.admin.AdminServer;
import com.esperr.gateway.admin.ConfigEndpoint;
import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.ExplainEndpoint;
import com.esperr.gateway.admin.OriginsEndpoint;
import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.admin.ReloadEndpoint;
import com.esperr.gateway.admin.Tenants;
import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.ExchangeMetrics;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.upstream.Presence;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running gateway: what was composed, and the order in which it ends. Thread-safe; {@link #start} and {@link #close}
 * block and are not for event loops.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Policies policies;
    private final Parts parts = new Parts();
    private final ProxyServer proxy;
    private final ConfigReload config;
    private final Serving serving;
    private final @Nullable AdminServer admin;
    private final Drain drain = new Drain();
    private final Handover handover;
    private volatile Runnable replaced = () -> {};
    private volatile boolean stopping;

    private Gateway(Loaded<GatewayConfig> loaded, Policies policies, String version, @Nullable Presence presence)
            throws IOException {
        GatewayConfig first = loaded.value();
        this.policies = policies;
        try {
            Clock clock = Clock.SYSTEM;
            // Before the loops, and so closed after them: what a shutdown cuts is still counted and logged.
            Metrics metrics = parts.add(new Metrics());
            LiveGeneration generation = new LiveGeneration();
            parts.add(generation::closeJournals);
            EventLoops loops = parts.add(EventLoops.start(first.runtime()));
            this.handover = parts.add(Handover.begin(first.handover(), loops));
            loops.inherit(handover.inherited());
            Stores stores = parts.add(Stores.open(first.state(), first.policies(), first.knownSeed(), clock));
            Foundation base = new Foundation(stores, loops, metrics, clock, parts, generation, presence);
            this.serving = new Serving(first, policies, base);
            Audit audit = (event, by, about) -> serving.lineup().audit().record(event, by, about);
            Supplier<Sources> sources = () -> serving.lineup().sources();
            this.proxy = serving.start(first, told(metrics));
            Entrances.await(proxy.listeners(), metrics);
            Gauges.connect(metrics, loops, proxy, serving::upstreams, serving.listeners(), clock::nanos);
            Gauges.connect(metrics, stores);
            PolicyReload reload = parts.add(
                    PolicyReload.begin(first, policies, () -> sources.get().local(), audit, metrics, version));
            RolloutWatch rollout =
                    RolloutWatch.begin(policies, reload, new RolloutWatch.Base(sources, stores, metrics, clock, parts));
            ConfigReload.Subject subject = new Replacing(serving, proxy, rollout, reload, stores);
            this.config = ConfigReload.begin(loaded, subject, audit, metrics, clock::millis, parts);
            this.admin = admin(loops, metrics, clock, audit, own(rollout, clock, metrics, audit));
            drain.connect(metrics);
            serve();
        } catch (IOException | RuntimeException failed) {
            parts.close();
            throw failed;
        }
    }

    /**
     * Starts everything; the listener is open when this returns.
     *
     * @param loaded the configuration, and where it is read again
     * @param policies that it names
     * @param version the gateway's own, for the metrics
     * @throws IOException if an address cannot be bound or a file cannot be opened; the message names the key
     */
    public static Gateway start(Loaded<GatewayConfig> loaded, Policies policies, String version) throws IOException {
        return new Gateway(loaded, policies, version, null);
    }

    /**
     * The same in front of an application that this process runs.
     *
     * @param presence whether it is there
     * @throws IOException as above
     */
    public static Gateway start(Loaded<GatewayConfig> loaded, Policies policies, String version, Presence presence)
            throws IOException {
        return new Gateway(loaded, policies, version, presence);
    }

    private Function<Lineup, List<ExchangeListener>> told(Metrics metrics) {
        Set<String> sources = new LinkedHashSet<>();
        return now -> {
            // Those of before as well: requests that began with them still end.
            sources.addAll(now.sources().names());
            ExchangeListener meters = new ExchangeMetrics(metrics, sources);
            return Extensions.listeners(
                    meters, now.log(), now.beacon(), now.recorder(), now.traces(), serving.explanations());
        };
    }

    private List<ReadinessCheck> checks() {
        Sources sources = serving.lineup().sources();
        List<ReadinessCheck> all = new ArrayList<>();
        all.add(new ReadinessCheck("running", () -> stopping ? "shutting down" : null));
        all.add(new ReadinessCheck("origin", serving::originTrouble));
        sources.names().forEach(name -> all.add(new ReadinessCheck("decision:" + name, () -> sources.trouble(name))));
        return List.copyOf(all);
    }

    private List<Endpoint> own(RolloutWatch rollout, Clock clock, Metrics metrics, Audit audit) {
        MaintenanceWatch.begin(proxy.interruptions(), metrics, parts);
        List<Endpoint> own = new ArrayList<>(MaintenanceWatch.endpoints(proxy.interruptions(), audit));
        own.add(0, new ConfigEndpoint(config));
        own.add(1, new ReloadEndpoint(config));
        own.add(2, new OriginsEndpoint(serving::upstreams, clock::nanos));
        own.add(3, new ExplainEndpoint(serving.explanations(), () -> serving.rehearsal(config::config)));
        own.addAll(rollout.endpoints());
        return own;
    }

    private @Nullable AdminServer admin(EventLoops loops, Metrics metrics, Clock clock, Audit audit, List<Endpoint> own)
            throws IOException {
        AdminConfig port = config.config().admin();
        if (port.address() == null) {
            return null;
        }
        Tenants<PolicyEngine> engines = Tenants.sets(this::engines);
        AdminServer server = AdminServer.start(
                port,
                Extensions.endpoints(
                        port,
                        () -> config.config().mode() != Mode.MONITOR,
                        this::checks,
                        metrics,
                        this::beacon,
                        engines,
                        audit,
                        serving.explanations(),
                        clock,
                        own),
                loops);
        FillGauges.connect(metrics, server.fills());
        return server;
    }

    private Map<String, PolicyEngine> engines() {
        SitePolicies local = serving.lineup().sources().local();
        return local == null ? Map.of() : local.byName();
    }

    /** What is in force. */
    public GatewayConfig config() {
        return config.config();
    }

    /** Reads the configuration again, as {@code by} wants it, and puts it in force if nothing is wrong with it; blocks on files. */
    public void reload(String by) {
        var unused = config.reload(by);
    }

    /** The policies that were in force at the start. */
    public Policies policies() {
        return policies;
    }

    /** What tells Esper about requests, or null if nothing does. */
    public @Nullable Beacon beacon() {
        return serving.lineup().beacon();
    }

    /** The first port that visitors connect to, 0 if there is none but unix sockets. */
    public int port() {
        return proxy.port();
    }

    /** The ports of all listeners, 0 for a unix socket. */
    public List<Integer> ports() {
        return proxy.listeners().stream().map(Listener::port).toList();
    }

    /** Where visitors connect, with what is special about it, for people. */
    public String listeners() {
        return proxy.listeners().stream().map(Listener::toString).collect(Collectors.joining(" and "));
    }

    /** The operator port, or 0 when there is none. */
    public int adminPort() {
        return admin == null ? 0 : admin.address().getPort();
    }

    /** Waits until visitors may come, as {@code /readyz} would say; answers whether they may at the end of {@code limit}. */
    public boolean awaitReady(Duration limit) {
        return await(() -> checks().stream().allMatch(check -> check.ask() == null), limit);
    }

    /** Waits for {@code limit} at the most until {@code reached}; answers whether it is. */
    static boolean await(BooleanSupplier reached, Duration limit) {
        long start = System.nanoTime();
        while (!reached.getAsBoolean()) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(Math.min(left, POLL_NANOS));
        }
        return true;
    }

    /** Does {@code action}, on a thread of its own, when another process has taken over; that is to {@link #close} this. */
    public void whenReplaced(Runnable action) {
        replaced = action;
    }

    /** What is left to do so that visitors come: waits for readiness only if another process serves them meanwhile. */
    private void serve() throws IOException {
        if (handover.replaces() && !awaitReady(handover.readyTimeout())) {
            String trouble = checks().stream()
                    .map(ReadinessCheck::ask)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("; "));
            throw new IOException(
                    "handover.ready-timeout: " + handover.readyTimeout().toSeconds() + " s and still not ready ("
                            + trouble + "); the process before goes on serving");
        }
        proxy.accept();
        if (admin != null) {
            admin.accept();
        }
        handover.complete(this::descriptors, this::handOver);
    }

    private List<Integer> descriptors() {
        List<Integer> all = new ArrayList<>(proxy.descriptors());
        if (admin != null) {
            all.addAll(admin.descriptors());
        }
        return all;
    }

    private void handOver() {
        proxy.release();
        if (admin != null) {
            admin.release();
        }
        replaced.run();
    }

    /** While it ends: does not wait any more for what it waits for just now. */
    public void hurry() {
        drain.hurry();
    }

    /**
     * Ends in phases ({@link Drain}): not ready but accepting for {@code shutdown.grace}; then, within {@code shutdown.drain}, no new
     * connections, requests under way, and tunnels; then everything else. Closing again does nothing.
     */
    @Override
    public void close() {
        close(config().shutdown().grace(), config().shutdown().drain());
    }

    /** The same within other limits than {@code shutdown} has. */
    public void close(Duration grace, Duration drain) {
        if (stopping) {
            return;
        }
        stopping = true;
        this.drain.run(
                proxy, new ShutdownConfig(grace, drain), config().upgrade().goodbyeSpread());
        config.end();
        if (admin != null) {
            admin.close();
        }
        parts.close();
        LOG.info("stopped");
    }
}
