package com.esperr.gateway.proxy;

import com.esperr.gateway.attestation.Attestations;
import com.esperr.gateway.authz.Profile;
import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.compression.Compression;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.Upstreams;
import java.time.Duration;

/**
 * What outlasts a change of the configuration, such as who is connected and what was counted, and makes of each configuration what
 * exchanges work with. Confined to whoever changes the configuration, one after the other; what it gives out is thread-safe.
 */
final class Backdrop {
    private final Clock clock;
    private final ExchangeListener listener;
    private final LocalReplies replies = new LocalReplies();
    private final EarlyAnswer early;
    private final ResponseForwarding responses;
    private final Connections connections;
    private final Interruptions interruptions;
    private final HeldBodies bodies;
    private final Upgrades upgrades;
    private final Compression compression;

    /** As it is with the first configuration. */
    Backdrop(ProxyServer.Settings settings, LoopLocal<Sweeper> sweepers, ExchangeListener listener, Clock clock) {
        this.clock = clock;
        this.listener = listener;
        this.responses = new ResponseForwarding(
                new HttpDate(clock::millis), settings.forward().via());
        responses.timing(settings.responses().serverTiming());
        this.connections = new Connections(settings.limits().connections());
        this.interruptions = new Interruptions(
                new Maintenance(settings.maintenance()), new Pause(settings.maintenance(), sweepers, clock::nanos));
        this.bodies = new HeldBodies(settings.body());
        this.upgrades = new Upgrades(settings.upgrade(), settings.limits().halfClose());
        this.compression = new Compression(settings.responses().compression());
        this.early = AcmeFiles.of(settings.entrances(), replies).or(interruptions.maintenance());
    }

    /** What exchanges work with under {@code settings}, but for what is particular to a listener. */
    ExchangeServices services(
            ProxyServer.Settings settings, RequestContexts contexts, Admission admission, Upstreams upstreams) {
        return new ExchangeServices(
                clock,
                contexts,
                bodies.with(settings.body()),
                admission,
                settings.decisionTimeout().toNanos(),
                new Overload(settings.challenge(), admission),
                enforcer(settings, admission),
                upstreams,
                forwarding(settings, contexts),
                responses,
                interruptions.pause(),
                upgrades.with(settings.upgrade(), settings.limits().halfClose()),
                settings.limits(),
                connections,
                EntranceRules.NONE,
                listener);
    }

    /** What is particular to the listener {@code listen} under {@code settings}. */
    EntranceRules entrance(ListenConfig listen, ProxyServer.Settings settings) {
        if (listen.authz().profile() != Profile.OFF) {
            // Nothing is answered there that a proxy would take for a decision.
            AuthzErrands errands = new AuthzErrands(listen.authz(), replies, settings.reception());
            return EntranceRules.asked(errands, interruptions.maintenance());
        }
        return EntranceRules.of(
                listen,
                early,
                replies,
                settings.responses().edits(),
                compression.with(settings.responses().compression()));
    }

    /** Changes what is asked about it at any time and not once for a request. */
    void settle(ProxyServer.Settings settings) {
        connections.limit(settings.limits().connections());
        responses.via(settings.forward().via());
        responses.timing(settings.responses().serverTiming());
        interruptions.maintenance().configure(settings.maintenance());
        interruptions.pause().configure(settings.maintenance());
    }

    private RequestForwarding forwarding(ProxyServer.Settings settings, RequestContexts contexts) {
        Attestations attestations =
                Attestations.of(settings.forward().attestation(), settings.ipv6Prefix(), clock::millis);
        return new RequestForwarding(settings.forward(), contexts.addressHeader(), attestations);
    }

    private Enforcer enforcer(ProxyServer.Settings settings, Admission admission) {
        return new Enforcer(
                settings.monitor(),
                settings.unknownHost(),
                replies,
                settings.pages(),
                settings.maintenance(),
                settings.reception(),
                admission::loops,
                admission::losesRequest);
    }

    /** Has connections go elsewhere, one after the other {@code within} that time. */
    void leave(Duration within) {
        connections.leave(clock.nanos(), within.toNanos());
    }

    Connections connections() {
        return connections;
    }

    Interruptions interruptions() {
        return interruptions;
    }

    Upgrades upgrades() {
        return upgrades;
    }

    HeldBodies bodies() {
        return bodies;
    }

    Compression compression() {
        return compression;
    }
}
