package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminServer;
import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.OriginsEndpoint;
import com.esperr.gateway.admin.ReadinessCheck;
import com.esperr.gateway.admin.Tenants;
import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.bots.Bots;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.replay.Recorder;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.telemetry.AuditLog;
import com.esperr.gateway.telemetry.Listeners;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.OriginProbes;
import com.esperr.gateway.upstream.Upstreams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
    private static final Duration CUT_TIME = Duration.ofSeconds(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final GatewayConfig config;
    private final Policies policies;
    private final Parts parts = new Parts();
    private final ProxyServer proxy;
    private final List<ReadinessCheck> checks;
    private final @Nullable Beacon beacon;
    private final @Nullable AdminServer admin;
    private volatile boolean stopping;

    private Gateway(GatewayConfig config, Policies policies, String version) throws IOException {
        this.config = config;
        this.policies = policies;
        try {
            Clock clock = Clock.SYSTEM;
            // Before the loops, and so closed after them: what a shutdown cuts is still counted and logged.
            Metrics metrics = parts.add(new Metrics());
            AccessLog log = openLog(metrics);
            AuditLog audit = parts.add(AuditLog.open(config.log().audit(), clock::millis));
            EventLoops loops = parts.add(EventLoops.start(config.runtime()));
            LoopLocal<Sweeper> sweepers = new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos));
            Upstreams upstreams = Upstreams.of(config.allOrigins(), loops, sweepers, clock::nanos);
            OriginProbes probe = parts.add(new OriginProbes(upstreams, loops));
            Stores stores = parts.add(Stores.open(config.state(), config.policies(), config.knownSeed(), clock));
            Bots bots = bots(loops, metrics, clock);
            Sources sources = Extensions.sources(config, policies, stores, loops, clock);
            sources.closedWith(parts);
            this.beacon = Extensions.beacon(config, sources, loops, clock);
            if (beacon != null) {
                Gauges.connect(metrics, parts.add(beacon), clock::millis);
            }
            Front front = front(sources, stores, loops, metrics, clock);
            Listeners listeners = new Listeners(Extensions.listeners(metrics, log, beacon, recorder(metrics), sources));
            this.proxy = ProxyServer.start(
                    config.proxy(sources, front, Entrances.prepare(config.listeners(), metrics, parts, clock)),
                    loops,
                    sweepers,
                    new RequestContexts(
                            config.client().rules(),
                            config.paths(),
                            config.routes(),
                            config.hosts(),
                            config.sourceName(),
                            clock::millis,
                            bots),
                    front.admission(),
                    upstreams,
                    listeners,
                    clock);
            Entrances.await(proxy.listeners(), metrics);
            Gauges.connect(metrics, loops, proxy, upstreams, listeners, clock::nanos);
            Gauges.connect(metrics, sources, stores);
            this.checks = checks(probe, sources);
            Reload.begin(config, policies, sources.local(), audit, metrics, version, parts);
            this.admin = admin(loops, metrics, sources, audit, own(upstreams, clock, metrics, audit));
        } catch (IOException | RuntimeException failed) {
            parts.close();
            throw failed;
        }
    }

    /**
     * Starts everything; the listener is open when this returns.
     *
     * @param version the gateway's own, for the metrics
     * @throws IOException if an address cannot be bound or a file cannot be opened; the message names the key
     */
    public static Gateway start(GatewayConfig config, Policies policies, String version) throws IOException {
        return new Gateway(config, policies, version);
    }

    private Front front(Sources sources, Stores stores, EventLoops loops, Metrics metrics, Clock clock)
            throws IOException {
        Passes passes = Extensions.passes(config, sources, stores, loops, clock, parts);
        if (passes != null) {
            Gauges.connect(metrics, passes.counts());
            Gauges.connect(metrics, passes.kept());
        }
        Pages pages = new Pages(config.pages());
        GatewayReception reception = Hosting.reception(config, sources, passes, pages, loops, metrics, clock, parts);
        DecisionChain chain = new DecisionChain(sources.chain(), config.failures());
        return new Front(
                pages, reception, new Admission(Extensions.admission(config, sources, chain, passes, reception)));
    }

    private @Nullable Recorder recorder(Metrics metrics) throws IOException {
        Recorder recorder = Recorder.open(config.record());
        if (recorder != null) {
            Gauges.connect(metrics, parts.add(recorder));
        }
        return recorder;
    }

    private Bots bots(EventLoops loops, Metrics metrics, Clock clock) {
        Bots bots = parts.add(Bots.open(config.bots(), loops, clock::nanos, clock::millis));
        Gauges.connect(metrics, bots);
        return bots;
    }

    private @Nullable AccessLog openLog(Metrics metrics) throws IOException {
        if (config.log().accessOff()) {
            return null;
        }
        AccessLog log = parts.add(AccessLog.open(config.log()));
        metrics.counter(MeterName.ACCESS_LOG_DROPPED, log::dropped);
        return log;
    }

    private List<ReadinessCheck> checks(OriginProbes probe, Sources sources) {
        List<ReadinessCheck> all = new ArrayList<>();
        all.add(new ReadinessCheck("running", () -> stopping ? "shutting down" : null));
        all.add(new ReadinessCheck("origin", probe::trouble));
        sources.chain().forEach(source -> all.add(new ReadinessCheck("decision:" + source.name(), source::trouble)));
        return List.copyOf(all);
    }

    private List<Endpoint> own(Upstreams upstreams, Clock clock, Metrics metrics, AuditLog audit) {
        MaintenanceWatch.begin(proxy.interruptions(), metrics, parts);
        List<Endpoint> own = new ArrayList<>(MaintenanceWatch.endpoints(proxy.interruptions(), audit));
        own.add(0, new OriginsEndpoint(() -> upstreams, clock::nanos));
        return own;
    }

    private @Nullable AdminServer admin(
            EventLoops loops, Metrics metrics, Sources sources, AuditLog audit, List<Endpoint> own) throws IOException {
        if (config.admin().address() == null) {
            return null;
        }
        SitePolicies local = sources.local();
        Tenants<PolicyEngine> engines = Tenants.sets(local == null ? Map.of() : local.byName());
        return AdminServer.start(
                config.admin(),
                Extensions.endpoints(config, checks, metrics, beacon, engines, audit, own),
                loops.group(),
                loops.serverChannel());
    }

    /** What is in force. */
    public GatewayConfig config() {
        return config;
    }

    /** The policies that were in force at the start. */
    public Policies policies() {
        return policies;
    }

    /** What tells Esper about requests, or null if nothing does. */
    public @Nullable Beacon beacon() {
        return beacon;
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
        return await(() -> checks.stream().allMatch(check -> check.ask() == null), limit);
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

    /**
     * Ends in order: not ready but accepting for {@code shutdown.grace}; then no new connections, and requests under way
     * may finish within {@code shutdown.drain}; then everything else. Closing again does nothing.
     */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        Duration grace = config.shutdown().grace();
        LOG.info("stopping: not ready, still accepting for {} ms", grace.toMillis());
        await(() -> false, grace);
        proxy.drain();
        if (!await(() -> proxy.connections().open() == 0, config.shutdown().drain())) {
            LOG.warn(
                    "stopping: {} connections were still in use after shutdown.drain and are cut",
                    proxy.connections().open());
            proxy.cutOff();
            await(() -> proxy.connections().requestsOpen() == 0, CUT_TIME);
        }
        if (admin != null) {
            admin.close();
        }
        parts.close();
        LOG.info("stopped");
    }
}
