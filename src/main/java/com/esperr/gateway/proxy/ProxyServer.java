package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.compression.Compression;
import com.esperr.gateway.decision.ChallengePlace;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.hosting.GatewayReception;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.Upstreams;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listeners that visitors connect to. Thread-safe. */
public final class ProxyServer {
    private final List<Listener> listeners;
    private final Backdrop backdrop;
    private final Openings openings;
    private final LoopLocal<Sweeper> sweepers;

    private ProxyServer(List<Listener> listeners, Backdrop backdrop, Openings openings, LoopLocal<Sweeper> sweepers) {
        this.listeners = listeners;
        this.backdrop = backdrop;
        this.openings = openings;
        this.sweepers = sweepers;
    }

    /**
     * One way in.
     *
     * @param listen where is listened
     * @param tls TLS with visitors there, or null
     */
    public record Entrance(ListenConfig listen, @Nullable TlsFront tls) {}

    /**
     * What the listeners are made of.
     *
     * @param entrances one for each
     * @param maintenance when visitors are to come back later
     * @param limits what a client may cost
     * @param upgrade other protocols on a visitor's connection
     * @param forward what the origin is told
     * @param ipv6Prefix how many leading bits of an IPv6 address are one visitor to it
     * @param responses what becomes of its responses
     * @param monitor whether decisions are only recorded
     * @param unknownHost the status for a host that no site has
     * @param decisionTimeout how long a visitor waits for a decision
     * @param body looks into bodies before the decision
     * @param pages what people are told
     * @param reception challenges that are held here, or null if none are
     * @param challenge where visitors are sent for a challenge by whom nobody else says where, or null
     */
    public record Settings(
            List<Entrance> entrances,
            MaintenanceConfig maintenance,
            LimitsConfig limits,
            UpgradeConfig upgrade,
            ForwardConfig forward,
            int ipv6Prefix,
            ResponseConfig responses,
            boolean monitor,
            int unknownHost,
            Duration decisionTimeout,
            BodyReader body,
            Pages pages,
            @Nullable GatewayReception reception,
            @Nullable ChallengePlace challenge) {}

    /** Begins to open the listeners; each tells when it is. */
    public static ProxyServer start(
            Settings settings,
            EventLoops loops,
            LoopLocal<Sweeper> sweepers,
            RequestContexts contexts,
            Admission admission,
            Upstreams upstreams,
            ExchangeListener listener,
            Clock clock) {
        Backdrop backdrop = new Backdrop(settings, sweepers, listener, clock);
        ExchangeServices services = backdrop.services(settings, contexts, admission, upstreams);
        Openings openings = new Openings(backdrop, sweepers, loops);
        List<Listener> listeners = settings.entrances().stream()
                .map(entrance -> openings.open(entrance, settings, services))
                .toList();
        return new ProxyServer(listeners, backdrop, openings, sweepers);
    }

    /**
     * Requests that begin from now on are served like this, on connections that are open as well; those under way end as they began.
     * The listeners stay as they are, whatever {@code settings} says. For one thread at a time, and none of the event loops.
     */
    public void replace(Settings settings, RequestContexts contexts, Admission admission, Upstreams upstreams) {
        ExchangeServices services = backdrop.services(settings, contexts, admission, upstreams);
        openings.replace(settings, services);
        backdrop.settle(settings);
    }

    /** Where is listened, in the order of the configuration. */
    public List<Listener> listeners() {
        return listeners;
    }

    /** The first port that is listened on, 0 if there is none but unix sockets. */
    public int port() {
        return listeners.stream()
                .mapToInt(Listener::port)
                .filter(port -> port > 0)
                .findFirst()
                .orElse(0);
    }

    /** Who is connected. */
    public Connections connections() {
        return backdrop.connections();
    }

    /** What operators switch on when the site is to be left alone. */
    public Interruptions interruptions() {
        return backdrop.interruptions();
    }

    /** Connections that changed to another protocol. */
    public Upgrades upgrades() {
        return backdrop.upgrades();
    }

    /** What is held of bodies until they are decided on. */
    public HeldBodies bodies() {
        return backdrop.bodies();
    }

    /** What is counted of HTTP/2. */
    public MultiplexedCounts http2() {
        return openings.http2();
    }

    /** What is counted of HTTP/3. */
    public MultiplexedCounts http3() {
        return openings.http3();
    }

    /** Responses that are compressed. */
    public Compression compression() {
        return backdrop.compression();
    }

    /** Accepts, also on sockets that were another process's. */
    public void accept() {
        listeners.forEach(Listener::accept);
    }

    /** Leaves it to another process to accept. */
    public void release() {
        listeners.forEach(Listener::release);
    }

    /** What it listens on, to be given to another process. */
    public List<Integer> descriptors() {
        return listeners.stream()
                .flatMap(listener -> listener.descriptors().stream())
                .toList();
    }

    /** Has connections that are asked on go elsewhere, one after the other {@code within} that time. */
    public void leave(Duration within) {
        backdrop.leave(within);
    }

    /** Has tunnels told to end. */
    public void endTunnels() {
        connections().endTunnels();
    }

    /** Accepts no new connections, and closes the others after their current request. */
    public void drain() {
        connections().drain();
        listeners.forEach(Listener::close);
    }

    /** Ends what is still under way; who has no part of an answer yet is told so. */
    public void cutOff() {
        connections().cutOff();
        sweepers.forEach(Sweeper::visitAll);
    }
}
