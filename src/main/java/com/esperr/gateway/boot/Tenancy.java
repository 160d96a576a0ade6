package com.esperr.gateway.boot;

import com.esperr.gateway.bouncers.Bouncers;
import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.proxy.Clock;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.server.FeedHub;
import com.esperr.gateway.server.FeedShape;
import com.esperr.gateway.server.Tenant;
import com.esperr.gateway.server.VisitorNames;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * What a tenant has for as long as the service serves it: windows, mitigations, an engine, a feed and what bouncers are told. Other
 * configurations retune it where it is. Thread-safe; retuned and closed by one thread at a time.
 */
final class Tenancy implements AutoCloseable {
    private static final List<FieldReference> BY_ADDRESS = List.of(FieldReference.parse("client_ip"));

    /**
     * What all tenants have in common.
     *
     * @param feeds the thread of feeds
     * @param live the configuration in force
     */
    record Terms(
            TenantStores stores,
            HostedChallenges challenges,
            ScheduledExecutorService feeds,
            Clock clock,
            Supplier<GatewayConfig> live) {}

    private final String id;
    private final Terms terms;
    private final Windows windows;
    private final Replicated<ActiveMitigation> mitigations;
    private final PolicyEngine engine;
    private final FeedHub feed;
    private final Bouncers bouncers;

    /** Of the tenant called {@code id}, with {@code policies} in force, as {@code config} has it. */
    Tenancy(String id, PolicySet policies, GatewayConfig config, Terms terms) {
        this.id = id;
        this.terms = terms;
        this.windows = terms.stores().windows();
        this.mitigations = terms.stores().mitigations(id);
        this.engine = new PolicyEngine(policies, terms(config));
        this.feed = new FeedHub(id, mitigations, this::shape, config.server(), terms.feeds(), terms.clock()::millis);
        this.bouncers = new Bouncers(
                mitigations,
                mitigation -> mitigation.tenant().equals(id) && isForBouncers(mitigation),
                config.client().ipv6Prefix(),
                config.server().bouncers().max(),
                terms.feeds(),
                terms.clock()::millis);
    }

    private PolicyEngine.Terms terms(GatewayConfig config) {
        return new PolicyEngine.Terms(
                id,
                windows,
                mitigations,
                terms.stores().seed(),
                config.client().ipv6Prefix(),
                terms.challenges().place(id, config.server().returnHosts(id)),
                terms.clock()::millis);
    }

    /** A visitor who is more than his address shares it with others, who would meet what is meant for him. */
    private boolean isForBouncers(ActiveMitigation mitigation) {
        return terms.live().get().server().bouncers().wholeAddress()
                || BY_ADDRESS.equals(engine.policies().closedEntities().get(mitigation.entity()));
    }

    private FeedShape shape() {
        List<FeedShape.Entity> entities = new ArrayList<>();
        engine.policies()
                .closedEntities()
                .forEach((name, fields) -> entities.add(new FeedShape.Entity(
                        name, fields.stream().map(FieldReference::toString).toList())));
        return new FeedShape(engine.seed(), terms.live().get().client().ipv6Prefix(), entities);
    }

    /** Goes on as {@code next} has it; windows and mitigations stay. */
    void retune(GatewayConfig next) {
        engine.retune(terms(next));
        feed.retune(next.server());
        bouncers.retune(next.client().ipv6Prefix(), next.server().bouncers().max());
    }

    /** The tenant whose requests are decided, as {@code config} has it. */
    Tenant tenant(GatewayConfig config) {
        int prefix = config.client().ipv6Prefix();
        return new Tenant(id, engine, new VisitorNames(engine::seed, prefix), feed, bouncers);
    }

    String id() {
        return id;
    }

    PolicyEngine engine() {
        return engine;
    }

    FeedHub feed() {
        return feed;
    }

    /** Visitors that are counted in the memory of this process. */
    long counted() {
        return windows instanceof MemoryWindows memory ? memory.size() : 0;
    }

    /** Those of them that were dropped before their time. */
    long dropped() {
        return windows instanceof MemoryWindows memory ? memory.evictions() : 0;
    }

    /** How full is what it has. */
    List<Fill> fills() {
        List<Fill> all = new ArrayList<>(bouncers.fills());
        all.add(engine.mitigationFill());
        all.add(engine.results().fill());
        all.add(feed.fill());
        if (windows instanceof MemoryWindows memory) {
            all.add(memory.fill(Bounded.WINDOWS));
        }
        return all;
    }

    /** Is served no more: those who follow it are sent off, its challenges end, and what was in memory is gone. */
    void leave() {
        close();
        terms.challenges().forget(id);
    }

    /** Ends its feed and lets go of the stores. */
    @Override
    public void close() {
        feed.close();
        engine.close();
        mitigations.close();
    }
}
