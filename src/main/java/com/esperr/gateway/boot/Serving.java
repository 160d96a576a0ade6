package com.esperr.gateway.boot;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.challenge.RequiredPasses;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.decision.DecisionChain;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.explain.Rehearsal;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.proxy.EnforcementRule;
import com.esperr.gateway.proxy.ProxyServer;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.telemetry.Listeners;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.OriginProbes;
import com.esperr.gateway.upstream.Presence;
import com.esperr.gateway.upstream.Upstreams;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a configuration what requests are served with, at the start and whenever it changes. What keeps state stays; what is made of
 * the configuration alone is made anew. Thread-safe; changes come one after the other, and block on files.
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Foundation base;
    private final Pages pages;
    private final LoopLocal<Sweeper> sweepers;
    private final OriginProbes probes;
    private final Listeners listeners = new Listeners(List.of());
    private final boolean forwards;
    private final Explanations explanations;
    private volatile Lineup lineup;
    private @Nullable Lineup replaced;
    private volatile Upstreams upstreams;
    private Function<Lineup, List<ExchangeListener>> told = now -> List.of();

    /**
     * As {@code config} wants it, with the {@code policies} that it names.
     *
     * @throws IOException if a file cannot be used; the message names it
     */
    Serving(GatewayConfig config, Policies policies, Foundation base) throws IOException {
        this.base = base;
        Clock clock = base.clock();
        this.forwards = config.forwards();
        this.sweepers = new LoopLocal<>(loop -> new Sweeper(loop, clock::nanos));
        this.pages = new Pages(config.pages());
        base.parts().add(base.generation()::close);
        this.lineup = Lineup.of(config, policies, base.generation().now(), base, pages);
        this.upstreams = Upstreams.of(config.allOrigins(), base.loops(), sweepers, clock::nanos, base.presence());
        this.probes = base.parts().add(new OriginProbes(upstreams, base.loops()));
        base.stores().onSeed().accept(seed -> lineup.reseed(seed));
        lineup.begin(base.stores().seed().get());
        this.explanations = Extensions.explanations(config, this::lineup, base);
        Gauges.connect(base.metrics(), lineup, null, clock::millis);
        if (base.presence() != null) {
            show(base.metrics(), base.presence());
        }
    }

    private static void show(Metrics metrics, Presence presence) {
        metrics.show(presence.fill());
        metrics.gauge(MeterName.EXEC_HELD, presence::held);
        metrics.counter(MeterName.EXEC_WAITS, presence::waits);
        metrics.counter(MeterName.EXEC_REFUSALS, presence::refusals);
    }

    /**
     * Begins to listen.
     *
     * @param all who is told about finished exchanges
     * @throws IOException if a file cannot be used; the message names it
     */
    ProxyServer start(GatewayConfig config, Function<Lineup, List<ExchangeListener>> all) throws IOException {
        List<ProxyServer.Entrance> entrances =
                Entrances.prepare(config.listeners(), base.metrics(), base.parts(), base.clock());
        told = all;
        listeners.replace(all.apply(lineup));
        Admission admission = admission(config, lineup);
        return ProxyServer.start(
                settings(config, lineup, admission, entrances),
                base.loops(),
                sweepers,
                contexts(config, lineup),
                admission,
                upstreams,
                listeners,
                base.clock());
    }

    /**
     * Serves requests that {@code proxy} receives from now on as {@code config} wants it, which nothing is wrong with. Answers how what has
     * been replaced ends, which blocks until nobody is at work with it, and has to be done before the next change.
     *
     * @throws IllegalArgumentException if something of it cannot be made; then everything is as before
     */
    Runnable replace(GatewayConfig config, Policies policies, ProxyServer proxy) {
        Generation next = new Generation(base.generation().now());
        Prepared made;
        try {
            made = prepare(config, Lineup.of(config, policies, next, base, pages));
        } catch (IOException | RuntimeException unusable) {
            next.discard();
            throw new IllegalArgumentException(unusable.getMessage(), unusable);
        }
        // From here on parts of it are in use, so that whatever fails closes none of them, and all that was before
        // ends.
        exchange(config, proxy, next, made);
        return () -> relieve(next);
    }

    private void relieve(Generation next) {
        if (!next.made().isEmpty()) {
            LOG.info("configuration: made anew: {}", String.join(", ", next.made()));
            // Whoever has looked something up and not used it yet has done so by then.
            base.loops().awaitTurn(TURN);
        }
        next.relieve();
        Gauges.connect(base.metrics(), lineup, replaced, base.clock()::millis);
        // With it all that it remembers, of which there would else be two.
        replaced = null;
    }

    private record Prepared(
            Lineup lineup,
            ProxyServer.Settings settings,
            RequestContexts contexts,
            Admission admission,
            Upstreams origins) {}

    private Prepared prepare(GatewayConfig config, Lineup made) {
        Admission admission = admission(config, made);
        ProxyServer.Settings settings = settings(config, made, admission, List.of());
        RequestContexts contexts = contexts(config, made);
        // Last, because these begin to follow the application that this process runs.
        Upstreams origins =
                upstreams.with(config.allOrigins(), base.loops(), sweepers, base.clock()::nanos, base.presence());
        return new Prepared(made, settings, contexts, admission, origins);
    }

    private void exchange(GatewayConfig config, ProxyServer proxy, Generation parts, Prepared prepared) {
        Upstreams before = upstreams;
        Upstreams next = prepared.origins();
        Lineup made = prepared.lineup();
        replaced = lineup;
        base.generation().replace(parts);
        lineup = made;
        Regardless.take(
                "not all of it has begun", () -> made.begin(base.stores().seed().get()));
        Regardless.take("pages are the ones before", () -> pages.restyle(config.pages()));
        Regardless.take(
                "policies decide on terms before",
                () -> retune(config, made.sources().local()));
        Regardless.take(
                "decisions are explained as before", () -> explanations.retune(config.explain(), made.explained()));
        Regardless.take("others are told about requests than should be", () -> listeners.replace(told.apply(made)));
        Regardless.take(
                "requests are received as before",
                () -> proxy.replace(prepared.settings(), prepared.contexts(), prepared.admission(), next));
        upstreams = next;
        Regardless.take("origins are looked at as before", () -> probes.follow(next));
        Regardless.take(
                "origins are shown as before",
                () -> OriginGauges.replace(base.metrics(), before, next, base.clock()::nanos));
        Regardless.take("connections to origins before are kept", () -> before.retireBut(next));
    }

    private void retune(GatewayConfig config, @Nullable SitePolicies local) {
        if (local != null) {
            local.byName()
                    .forEach((name, engine) ->
                            engine.retune(Extensions.terms(config, name, base.stores(), base.clock())));
        }
    }

    private ProxyServer.Settings settings(
            GatewayConfig config, Lineup now, Admission admission, List<ProxyServer.Entrance> entrances) {
        return config.proxy(now.sources(), new Front(pages, now.reception(), admission), entrances);
    }

    private RequestContexts contexts(GatewayConfig config, Lineup now) {
        return new RequestContexts(
                config.client().rules(),
                config.paths(),
                config.routes(),
                config.hosts(),
                config.sourceName(),
                base.clock()::millis,
                now.bots(),
                config.traces().traces());
    }

    private Admission admission(GatewayConfig config, Lineup now) {
        DecisionChain chain = new DecisionChain(now.sources().chain(), config.failures());
        return new Admission(Extensions.admission(config, now, chain));
    }

    /** Says what would become of requests by {@code live}, or null while policies decide nothing. */
    @Nullable
    Rehearsal rehearsal(Supplier<GatewayConfig> live) {
        SitePolicies policies = lineup.sources().local();
        if (policies == null) {
            return null;
        }
        return new Rehearsal(
                () -> policies,
                new Rehearsal.Terms(
                        () -> contexts(live.get(), lineup),
                        () -> live.get().failures(),
                        () -> new SiteBodies(policies, live.get().policies().bodies()),
                        () -> new RequiredPasses(requiredFrom(live.get())),
                        (decision, request) ->
                                new EnforcementRule(live.get().mode() == Mode.MONITOR).enforces(decision, request)));
    }

    private @Nullable ChallengePlace requiredFrom(GatewayConfig config) {
        return lineup.passes() == null ? null : Extensions.required(config);
    }

    /** What requests are served with now. */
    Lineup lineup() {
        return lineup;
    }

    /** Why requests were answered as they were. */
    Explanations explanations() {
        return explanations;
    }

    /** Who is told about finished exchanges. */
    Listeners listeners() {
        return listeners;
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
