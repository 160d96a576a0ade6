package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.InheritedSockets;
import com.esperr.gateway.transport.PhaseDeadline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listener of the operator port. Thread-safe. Its connections live on the shared event loops, in bounded number; what
 * is answered is worked out on one thread of its own, so that a scrape of milliseconds delays no visitor, and changes that take
 * seconds on another one, so that they delay no probe. Netty's own codec owns the bytes.
 */
public final class AdminServer implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final int CHANGES = 4;
    private static final int BACKLOG = 64;
    private static final int LINE_BYTES = 4096;
    private static final int HEADER_BYTES = 8192;
    private static final int BODY_BYTES = 16 * 1024;
    private static final int CLOSE_MILLIS = 1000;
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final Duration RECEIVE = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final AdminThread thread = new AdminThread("admin", Bounded.ADMIN_ANSWERS, CONNECTIONS);
    private final AdminThread slow = new AdminThread("admin-changes", Bounded.ADMIN_CHANGES, CHANGES);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Places places = new Places(CONNECTIONS);
    private final Gate gate;
    private final Desk desk;
    private final @Nullable Ticker ticker;
    private final Channel listener;
    private final List<Fill> fills;

    private AdminServer(
            HostPort address,
            AdminConfig config,
            List<Endpoint> endpoints,
            EventLoopGroup loops,
            Class<? extends ServerChannel> channelType)
            throws IOException {
        this.gate = new Gate(config, System::nanoTime);
        this.desk = desk(config, endpoints, gate);
        this.ticker = Ticker.begin(endpoints, gate, thread, loops);
        this.fills = fills(endpoints);
        this.listener = bound(address, bootstrap(loops).channel(channelType).bind(socketAddress(address)));
    }

    private AdminServer(
            HostPort address, AdminConfig config, List<Endpoint> endpoints, EventLoopGroup loops, int descriptor)
            throws IOException {
        this.gate = new Gate(config, System::nanoTime);
        this.desk = desk(config, endpoints, gate);
        this.ticker = Ticker.begin(endpoints, gate, thread, loops);
        this.fills = fills(endpoints);
        this.listener = bound(
                address,
                bootstrap(loops)
                        .channelFactory(() -> InheritedSockets.tcp(descriptor))
                        .option(ChannelOption.AUTO_READ, false)
                        .register());
    }

    /**
     * Answers on what was given to this process to listen on, but not before {@link #accept}, or else binds the port.
     *
     * @param config with an address
     * @param endpoints what there is besides the index
     * @throws IOException if the address cannot be bound
     */
    public static AdminServer start(AdminConfig config, List<Endpoint> endpoints, EventLoops loops) throws IOException {
        HostPort address = config.address();
        List<Integer> given = address == null ? List.of() : loops.inherited().take(socketAddress(address));
        if (address == null || given.isEmpty()) {
            return start(config, endpoints, loops.group(), loops.serverChannel());
        }
        return new AdminServer(address, config, endpoints, loops.group(), given.get(0));
    }

    private static Desk desk(AdminConfig config, List<Endpoint> endpoints, Gate gate) {
        List<Endpoint> all = new ArrayList<>();
        if (config.dashboard().enabled()) {
            all.add(new DashboardEndpoint());
            all.add(new SessionEndpoint(gate));
        }
        all.addAll(endpoints);
        return new Desk(new HostRule(config.allowedHosts()), gate, all);
    }

    private List<Fill> fills(List<Endpoint> endpoints) {
        List<Fill> all = new ArrayList<>(gate.fills());
        all.add(places.fill());
        all.add(thread.fill());
        all.add(slow.fill());
        for (Endpoint endpoint : endpoints) {
            if (endpoint instanceof EventsEndpoint events) {
                all.add(events.fill());
            }
        }
        return List.copyOf(all);
    }

    /** How full is what there is for operators. */
    public List<Fill> fills() {
        return fills;
    }

    /** Answers from now on, also where another process did. */
    public void accept() {
        listener.config().setAutoRead(true);
    }

    /** What it listens on, to be given to another process. */
    public List<Integer> descriptors() {
        return listener instanceof UnixChannel channel ? List.of(channel.fd().intValue()) : List.of();
    }

    /** Leaves it to another process to accept; who is connected is still answered. */
    public void release() {
        listener.close();
    }

    /**
     * Binds the port and answers from then on.
     *
     * @param config with an address
     * @param endpoints what there is besides the index
     * @throws IOException if the address cannot be bound
     */
    public static AdminServer start(
            AdminConfig config,
            List<Endpoint> endpoints,
            EventLoopGroup loops,
            Class<? extends ServerChannel> channelType)
            throws IOException {
        HostPort address = config.address();
        if (address == null) {
            throw new IllegalArgumentException("admin.address: empty (expected: HOST:PORT)");
        }
        return new AdminServer(address, config, endpoints, loops, channelType);
    }

    /** Where it listens; the port is the real one even if port 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops listening and closes every connection; waits a second for that at the most. Not for event loops. */
    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        listener.close().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        connections.close().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        thread.close();
        slow.close();
    }

    private ServerBootstrap bootstrap(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline());
    }

    private Channel bound(HostPort address, ChannelFuture bound) throws IOException {
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            if (ticker != null) {
                ticker.close();
            }
            thread.close();
            slow.close();
            throw new IOException(
                    "admin.address: " + address + " cannot be bound: "
                            + bound.cause().getMessage() + " (expected: a free address of this machine)",
                    bound.cause());
        }
        return bound.channel();
    }

    private static InetSocketAddress socketAddress(HostPort address) {
        if (address.anyHost()) {
            return new InetSocketAddress(address.port());
        }
        IpAddress literal = address.address();
        return literal == null
                ? new InetSocketAddress(address.host(), address.port())
                : new InetSocketAddress(literal.inetAddress(), address.port());
    }

    /** Sets up one accepted connection, or closes it when there is no place for it. */
    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            if (!places.take(channel)) {
                channel.close();
                return;
            }
            channel.closeFuture().addListener(closed -> places.leave(channel));
            connections.add(channel);
            PhaseDeadline deadline = new PhaseDeadline(IDLE, RECEIVE, ANSWER);
            HttpDecoderConfig limits =
                    new HttpDecoderConfig().setMaxInitialLineLength(LINE_BYTES).setMaxHeaderSize(HEADER_BYTES);
            channel.pipeline()
                    // First, because it counts from the first byte, before anything is understood.
                    .addLast("deadline", deadline)
                    .addLast("codec", new HttpServerCodec(limits))
                    // What is ordered here is small; so is what a client sends where nothing is taken.
                    .addLast("aggregator", new HttpObjectAggregator(BODY_BYTES, true))
                    // Holds requests that came together until the one before is answered.
                    .addLast("flow", new FlowControlHandler())
                    .addLast("admin", new AdminHandler(desk, thread, slow, deadline, places));
        }
    }
}
