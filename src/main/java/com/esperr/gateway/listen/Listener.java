package com.esperr.gateway.listen;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.InheritedSockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener: the sockets on which it accepts, from opening to closing. Thread-safe. */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private static final String EPOLL = "epoll";

    private final ListenConfig config;
    private final EventLoops loops;
    private final Doorway doorway;
    private final ProxyProtocolCounts counts = new ProxyProtocolCounts();
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private final Promise<Void> opened;
    private final @Nullable QuicSocket quic;
    /** Of a unix socket that goes with it, if nobody else sees to that. */
    private volatile @Nullable Path file;

    private Listener(ListenConfig config, EventLoops loops, Guests guests, @Nullable QuicSocket quic) {
        this.quic = quic;
        this.config = config;
        this.loops = loops;
        this.doorway = new Doorway(config, counts, guests);
        this.opened = loops.group().next().newPromise();
    }

    /** Whoever composes the pipelines of connections. */
    public interface Guests {
        /** Counts one in that has to say first who it is, until {@link #heard}; false, and not counted, if there are too many. */
        boolean expected();

        /** One of those has, or never will. */
        void heard();

        /** Adds the handlers of a connection, on its event loop, before the first of its bytes is read. */
        void connected(Channel channel, Peer peer);
    }

    /**
     * Begins to listen; {@link #opened} tells when it does. Not for event loops.
     *
     * @param connections what every connection has set, such as options; taken
     * @param quic the UDP socket of the same port, or null if there is to be none
     */
    public static Listener open(
            ListenConfig config,
            EventLoops loops,
            ServerBootstrap connections,
            Guests guests,
            @Nullable QuicSocket quic) {
        Listener listener = new Listener(config, loops, guests, quic);
        try {
            if (config.address() instanceof ListenAddress.Unix unix) {
                listener.unix(connections, unix);
            } else if (config.address() instanceof ListenAddress.Tcp tcp) {
                listener.bindTcp(connections, tcp.at());
            }
        } catch (IOException taken) {
            listener.opened.setFailure(taken);
        }
        return listener;
    }

    private void unix(ServerBootstrap connections, ListenAddress.Unix unix) throws IOException {
        List<Integer> given = loops.inherited().take(unix.path());
        file = given.isEmpty() && !loops.name().equals(EPOLL) ? null : unix.path();
        if (!given.isEmpty()) {
            adopt(connections.childHandler(doorway), given, InheritedSockets::unix, false);
            return;
        }
        SocketFile.makeRoom(unix.path());
        if (loops.name().equals(EPOLL)) {
            int made = InheritedSockets.listen(unix.path(), config.backlog());
            SocketFile.permit(unix.path(), config.mode().permissions());
            adopt(connections.childHandler(doorway), List.of(made), InheritedSockets::unix, true);
        } else {
            bindUnix(connections, unix);
        }
    }

    private void bindUnix(ServerBootstrap connections, ListenAddress.Unix unix) {
        ServerBootstrap bootstrap = connections
                .group(loops.group())
                .channel(loops.unixServerChannel())
                .option(ChannelOption.SO_BACKLOG, config.backlog())
                .childHandler(doorway);
        bootstrap.bind(loops.unixAddress(unix.path())).addListener((ChannelFuture bound) -> {
            if (!bound.isSuccess()) {
                opened.tryFailure(bound.cause());
                return;
            }
            sockets.add(bound.channel());
            try {
                // Now rather than later: until then it is the umask that says who may connect.
                SocketFile.permit(unix.path(), config.mode().permissions());
                opened.trySuccess(null);
            } catch (IOException | UnsupportedOperationException refused) {
                opened.tryFailure(refused);
            }
        });
    }

    private void bindTcp(ServerBootstrap connections, HostPort at) {
        InetSocketAddress first = address(at);
        List<Integer> given = loops.inherited().take(first);
        if (!given.isEmpty()) {
            connections.childOption(ChannelOption.TCP_NODELAY, true);
            adopt(connections.childHandler(doorway), given, InheritedSockets::tcp, false);
            return;
        }
        ServerBootstrap bootstrap = connections
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, config.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(doorway);
        List<EventLoop> acceptors = new ArrayList<>();
        if (config.reusePort() && loops.sharesPorts()) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
            loops.group().forEach(loop -> acceptors.add((EventLoop) loop));
        } else if (config.reusePort()) {
            LOG.warn("{}.reuse-port: not with {}; one socket accepts for all event loops", config.key(), loops.name());
        }
        if (acceptors.isEmpty()) {
            bind(bootstrap.group(loops.group()), first, List.of());
        } else {
            bind(bootstrap, first, acceptors);
        }
    }

    private static InetSocketAddress address(HostPort at) {
        return at.anyHost() ? new InetSocketAddress(at.port()) : EventLoops.socketAddress(at);
    }

    /** Listens on sockets that are there already, all of them, because each has visitors of its own in its queue; or not before {@link #accept}. */
    private void adopt(
            ServerBootstrap bootstrap, List<Integer> given, IntFunction<ServerChannel> maker, boolean atOnce) {
        AtomicInteger left = new AtomicInteger(given.size());
        for (int descriptor : given) {
            bootstrap
                    .clone()
                    .group(loops.group())
                    .channelFactory(() -> maker.apply(descriptor))
                    .option(ChannelOption.AUTO_READ, false)
                    .register()
                    .addListener((ChannelFuture registered) -> {
                        sockets.add(registered.channel());
                        if (!registered.isSuccess()) {
                            opened.tryFailure(registered.cause());
                            return;
                        }
                        if (atOnce) {
                            // Not while it is being registered, which forgets it.
                            registered.channel().eventLoop().execute(this::accept);
                        }
                        if (left.decrementAndGet() == 0) {
                            adopted(registered.channel());
                        }
                    });
        }
    }

    /** What is listened on with UDP is not handed over, but waited for. */
    private void adopted(Channel socket) {
        if (quic != null && socket.localAddress() instanceof InetSocketAddress known) {
            quic.bindBehind(known, doorway, this::finish);
        } else {
            opened.trySuccess(null);
        }
    }

    /** Accepts, also on sockets that were another process's. */
    public void accept() {
        sockets.forEach(socket -> socket.config().setAutoRead(true));
    }

    /** What it listens on, to be given to another process. */
    public List<Integer> descriptors() {
        return sockets.stream()
                .filter(UnixChannel.class::isInstance)
                .map(socket -> ((UnixChannel) socket).fd().intValue())
                .toList();
    }

    /** Binds on the first of {@code acceptors}, and then on the others to the port that this one got. */
    private void bind(ServerBootstrap bootstrap, SocketAddress address, List<EventLoop> acceptors) {
        ServerBootstrap own =
                acceptors.isEmpty() ? bootstrap : bootstrap.clone().group(acceptors.get(0));
        own.bind(address).addListener((ChannelFuture bound) -> {
            if (!bound.isSuccess()) {
                opened.tryFailure(bound.cause());
                return;
            }
            sockets.add(bound.channel());
            if (acceptors.size() > 1) {
                bind(bootstrap, bound.channel().localAddress(), acceptors.subList(1, acceptors.size()));
            } else if (quic != null && bound.channel().localAddress() instanceof InetSocketAddress known) {
                quic.bind(known, doorway, this::finish);
            } else {
                opened.trySuccess(null);
            }
        });
    }

    private void finish(@Nullable Throwable trouble) {
        if (trouble == null) {
            opened.trySuccess(null);
        } else {
            opened.tryFailure(trouble);
        }
    }

    /** Succeeds when it listens; {@link #trouble} makes a message of its failure. */
    public Future<Void> opened() {
        return opened;
    }

    /** That it cannot listen, for operators. */
    public IOException trouble(Throwable cause) {
        return new IOException(
                config.key() + ".address: " + config.address() + " cannot be bound: " + cause.getMessage()
                        + " (expected: a free address of this machine)",
                cause);
    }

    /** What is configured. */
    public ListenConfig config() {
        return config;
    }

    /** The port, the real one even if port 0 was asked for; 0 for a unix socket. */
    public int port() {
        return !sockets.isEmpty() && sockets.get(0).localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : 0;
    }

    /** Where it listens, with the real port, and what is special about that, for people. */
    @Override
    public String toString() {
        String where = config.address() instanceof ListenAddress.Tcp tcp
                ? tcp.at().bracketedHost() + ':' + port()
                : config.address().toString();
        List<String> traits = new ArrayList<>(config.traits());
        if (sockets.size() > 1) {
            traits.add(sockets.size() + " sockets");
        }
        return ListenConfig.described(where, traits);
    }

    /** Connections that are open here. */
    public int connections() {
        return doorway.open();
    }

    /** Connections that were closed because there were too many here. */
    public long refused() {
        return doorway.refused();
    }

    /** The same of those that there may be, nothing if this listener has no limit of its own. */
    public List<Fill> fills() {
        return config.connections() == 0
                ? List.of()
                : List.of(
                        Fill.of(Bounded.LISTENER_CONNECTIONS, this::connections, config.connections(), this::refused));
    }

    /** What became of PROXY protocol headers. */
    public ProxyProtocolCounts proxyProtocol() {
        return counts;
    }

    /** Accepts no more; what is open stays so. The file of a unix socket goes with it. */
    public List<ChannelFuture> close() {
        if (quic != null) {
            quic.close();
        }
        Path own = file;
        if (own != null) {
            file = null;
            SocketFile.remove(own);
        }
        return sockets.stream().map(Channel::close).toList();
    }

    /** Leaves it to another process to accept on the same sockets. */
    public void release() {
        file = null;
        if (quic != null) {
            quic.close();
        }
        sockets.forEach(Channel::close);
    }
}
