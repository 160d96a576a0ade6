package com.esperr.gateway.proxy;

import com.esperr.gateway.challenge.Admission;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.listen.ListenConfig;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.upstream.OriginConfig;
import com.esperr.gateway.upstream.Upstream;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The listener that visitors connect to. Thread-safe. */
public final class ProxyServer {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final ChannelFuture bound;
    private final Connections connections;
    private final LoopLocal<Sweeper> sweepers;
    private final HeldBodies bodies;

    private ProxyServer(ChannelFuture bound, Connections connections, LoopLocal<Sweeper> sweepers, HeldBodies bodies) {
        this.bound = bound;
        this.connections = connections;
        this.sweepers = sweepers;
        this.bodies = bodies;
    }

    /**
     * What the listener is made of.
     *
     * @param listen where it listens
     * @param tls TLS with visitors, or null
     * @param limits what a client may cost
     * @param forward what the origin is told
     * @param monitor whether decisions are only recorded
     * @param decisionTimeout how long a visitor waits for a decision
     * @param body looks into bodies before the decision
     */
    public record Settings(
            ListenConfig listen,
            @Nullable TlsFront tls,
            LimitsConfig limits,
            ForwardConfig forward,
            boolean monitor,
            Duration decisionTimeout,
            BodyReader body) {}

    /** Begins to open the listener; {@link #bound} tells when it is. */
    public static ProxyServer start(
            Settings settings,
            EventLoops loops,
            LoopLocal<Sweeper> sweepers,
            RequestContexts contexts,
            Admission admission,
            Upstream upstream,
            ExchangeListener listener,
            Clock clock) {
        OriginConfig origin = upstream.config();
        boolean rewriteHost = origin.host() == OriginConfig.HostHeader.REWRITE;
        Connections connections = new Connections(settings.limits().connections());
        HeldBodies bodies = new HeldBodies(settings.body());
        ExchangeServices services = new ExchangeServices(
                clock,
                contexts,
                bodies,
                admission,
                settings.decisionTimeout().toNanos(),
                new Enforcer(settings.monitor(), new LocalReplies(), admission::loops),
                upstream,
                new RequestForwarding(
                        settings.forward(), origin.url().hostHeader(), rewriteHost, contexts.addressHeader()),
                new ResponseForwarding(
                        new HttpDate(clock::millis), settings.forward().via()),
                settings.limits(),
                connections,
                listener);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, settings.listen().backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new FrontendPipeline(services, sweepers, settings.tls()));
        return new ProxyServer(bootstrap.bind(address(settings.listen().address())), connections, sweepers, bodies);
    }

    private static InetSocketAddress address(HostPort listen) {
        return listen.anyHost() ? new InetSocketAddress(listen.port()) : EventLoops.socketAddress(listen);
    }

    /** Succeeds when the listener is open. */
    public ChannelFuture bound() {
        return bound;
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    /** Who is connected. */
    public Connections connections() {
        return connections;
    }

    /** What is held of bodies until they are decided on. */
    public HeldBodies bodies() {
        return bodies;
    }

    /** Accepts no new connections, and closes the others after their current request. */
    public void drain() {
        connections.drain();
        bound.channel().close();
    }

    /** Ends what is still under way; who has no part of an answer yet is told so. */
    public void cutOff() {
        connections.cutOff();
        sweepers.forEach(Sweeper::visitAll);
    }
}
