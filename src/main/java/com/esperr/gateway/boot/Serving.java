package com.esperr.gateway.boot;

import com.esperr.gateway.bots.Bots;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.challenge.Passes;
import com.esperr.gateway.challenge.RequiredPasses;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.explain.Rehearsal;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.EnforcementRule;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.OriginProbes;
import com.esperr.gateway.upstream.Presence;
import com.esperr.gateway.upstream.Upstreams;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a configuration what requests are served with, at the start and whenever it changes. What keeps state stays; what is made of
 * the configuration alone is made anew. Thread-safe; changes come one after the other, and block on files.
 */
final class Serving {
    private final Foundation base;
    private final @Nullable Passes passes;
    private final Pages pages;
    private final @Nullable GatewayReception reception;
    private final LoopLocal<Sweeper> sweepers;
    private final OriginProbes probes;
    private final boolean forwards;
    private volatile Upstreams upstreams;

    /**
     * What outlasts every configuration.
     *
     * @param sources who decides
     * @param stores where what is counted is kept
     * @param bots who knows good bots
     * @param loops the threads
     * @param metrics where numbers are shown
     * @param clock the time
     * @param parts closed with the gateway
     * @param presence whether the application is there, if this process runs it, else null
     */
    record Foundation(
            Sources sources,
            Stores stores,
            Bots bots,
            EventLoops loops,
            Metrics metrics,
            Clock clock,
            Parts parts,
            @Nullable Presence presence) {}

    /**
     * As {@code config} wants it.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    Serving(GatewayConfig config, Foundation base) throws IOException {
        this.base = base;
        Clock clock = base.clock();
        this.forwards = config.forwards();
        this.sweepers = new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos));
        this.upstreams = Upstreams.of(config.allOrigins(), base.loops(), sweepers, clock::nanos, base.presence());
        this.probes = base.parts().add(new OriginProbes(upstreams, base.loops()));
        this.passes = Extensions.passes(config, base.sources(), base.stores(), base.loops(), clock, base.parts());
        if (passes != null) {
            Gauges.connect(base.metrics(), passes.counts());
            Gauges.connect(base.metrics(), passes.kept());
        }
        if (base.presence() != null) {
            show(base.metrics(), base.presence());
        }
        this.pages = new Pages(config.pages());
        this.reception = Hosting.reception(
                config, base.sources(), passes, pages, base.loops(), base.metrics(), clock, base.parts());
    }

    private static void show(Metrics metrics, Presence presence) {
        metrics.gauge(MeterName.EXEC_HELD, presence::held);
        metrics.counter(MeterName.EXEC_WAITS, presence::waits);
        metrics.counter(MeterName.EXEC_REFUSALS, presence::refusals);
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    ProxyServer start(GatewayConfig config, ExchangeListener listener) throws IOException {
        List<ProxyServer.Entrance> entrances =
                Entrances.prepare(config.listeners(), base.metrics(), base.parts(), base.clock());
        Admission admission = admission(config);
        return ProxyServer.start(
                settings(config, admission, entrances),
                base.loops(),
                sweepers,
                contexts(config),
                admission,
                upstreams,
                listener,
                base.clock());
    }

    /**
     * Serves requests that {@code proxy} receives from now on as {@code config} wants it, which nothing is wrong with.
     *
     * @throws IllegalArgumentException if a file can no longer be used; then everything is as before
     */
    void replace(GatewayConfig config, ProxyServer proxy) {
        Upstreams before = upstreams;
        Upstreams next = before.with(config.allOrigins(), base.loops(), sweepers, base.clock()::nanos, base.presence());
        Admission admission = admission(config);
        ProxyServer.Settings settings = settings(config, admission, List.of());
        RequestContexts contexts = contexts(config);
        // Nothing can fail from here on.
        pages.restyle(config.pages());
        SitePolicies local = base.sources().local();
        if (local != null) {
            local.byName()
                    .forEach((name, engine) ->
                            engine.retune(Extensions.terms(config, name, base.stores(), base.clock())));
        }
        proxy.replace(settings, contexts, admission, next);
        upstreams = next;
        probes.follow(next);
        OriginGauges.replace(base.metrics(), before, next, base.clock()::nanos);
        before.retireBut(next);
    }

    private ProxyServer.Settings settings(
            GatewayConfig config, Admission admission, List<ProxyServer.Entrance> entrances) {
        return config.proxy(base.sources(), new Front(pages, reception, admission), entrances);
    }

    private RequestContexts contexts(GatewayConfig config) {
        return new RequestContexts(
                config.client().rules(),
                config.paths(),
                config.routes(),
                config.hosts(),
                config.sourceName(),
                base.clock()::millis,
                base.bots(),
                config.traces().traces());
    }

    private Admission admission(GatewayConfig config) {
        Sources sources = base.sources();
        DecisionChain chain = new DecisionChain(sources.chain(), config.failures());
        return new Admission(Extensions.admission(config, sources, chain, passes, reception));
    }

    /** Says what would become of requests by {@code live}, or null where policies decide nothing. */
    @Nullable
    Rehearsal rehearsal(Supplier<GatewayConfig> live) {
        SitePolicies local = base.sources().local();
        if (local == null) {
            return null;
        }
        return new Rehearsal(
                local,
                new Rehearsal.Terms(
                        () -> contexts(live.get()),
                        () -> live.get().failures(),
                        new SiteBodies(local, live.get().policies().bodies()),
                        () -> new RequiredPasses(requiredFrom(live.get())),
                        (decision, request) ->
                                new EnforcementRule(live.get().mode() == Mode.MONITOR).enforces(decision, request)));
    }

    private @Nullable ChallengePlace requiredFrom(GatewayConfig config) {
        return passes == null ? null : Extensions.required(config);
    }

    /** The origins as they are now. */
    Upstreams upstreams() {
        return upstreams;
    }

    /** Why no origin takes requests, or null if one does, or none is needed. */
    @Nullable
    String originTrouble() {
        return forwards ? probes.trouble() : null;
    }
}
