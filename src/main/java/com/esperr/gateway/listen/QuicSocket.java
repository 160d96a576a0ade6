package com.esperr.gateway.listen;

import static java.util.Objects.requireNonNull;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP socket beside a listener with TLS, on which QUIC is spoken. There is one, and with it all of its connections live on one
 * event loop: several sockets would share packets out by address, and a connection whose address changes would be lost. Thread-safe.
 */
public final class QuicSocket {
    private static final Logger LOG = LoggerFactory.getLogger(QuicSocket.class);

    /** CONNECTION_REFUSED (RFC 9000 section 20.1). */
    private static final int REFUSED = 2;

    /** What QUIC itself waits longer than its owner, who says goodbye. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final long AGAIN_MILLIS = 250;
    /** One a minute. */
    private static final int TRIES_PER_WARNING = 240;

    /** Of Linux. */
    private static final int EADDRINUSE = 98;

    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final int CONTROL_STREAMS = 6;
    private static final int CONTROL_WINDOW = 16 << 10;

    private final ListenConfig config;
    private final EventLoops loops;
    private final Duration idle;
    private final LongSupplier nanos;
    private final Guests guests;
    private final QuicSslContext byName;
    private volatile @Nullable Channel socket;
    private volatile @Nullable String advertised;
    private volatile boolean closing;
    /** Confined to the socket's event loop. */
    private int open;

    /** Whoever composes the pipelines of connections. */
    public interface Guests {
        /** Adds the handlers of a connection, on its event loop, before its handshake. */
        void connected(QuicChannel channel, Peer peer);
    }

    /** For {@code config}, with certificates of {@code tls}, connections of which nobody hears for {@code idle} being forgotten. */
    public QuicSocket(
            ListenConfig config, EventLoops loops, TlsFront tls, Duration idle, LongSupplier nanos, Guests guests) {
        this.config = config;
        this.loops = loops;
        this.idle = idle;
        this.nanos = nanos;
        this.guests = guests;
        // Looked up anew for each connection, as certificates change.
        this.byName = QuicSslContextBuilder.buildForServerWithSni(
                (String name) -> requireNonNull(tls.quic()).of(name));
    }

    /** What other visitors are told (Alt-Svc, RFC 7838), or null while there is nothing to tell. */
    public @Nullable String advertised() {
        return advertised;
    }

    /** Listens on {@code address}, and tells {@code result} when it does, with null, or why it cannot. */
    void bind(InetSocketAddress address, Doorway doorway, Consumer<@Nullable Throwable> result) {
        bind(loops.group().next(), address, doorway, bound -> {
            if (bound.isSuccess()) {
                begin(bound.channel(), address);
                result.accept(null);
            } else {
                result.accept(trouble(bound.cause()));
            }
        });
    }

    /**
     * The same, but another process that listens there is waited for: {@code result} is told null at once, visitors come over TCP, and they are
     * told of this once that process has let go. Connections cannot be taken over from it, because their keys cannot.
     */
    void bindBehind(InetSocketAddress address, Doorway doorway, Consumer<@Nullable Throwable> result) {
        EventLoop loop = loops.group().next();
        bind(loop, address, doorway, bound -> {
            if (bound.isSuccess()) {
                begin(bound.channel(), address);
                result.accept(null);
            } else if (isTaken(bound.cause())) {
                LOG.info("{}.http3: waits until the process before has let go of its UDP port", config.key());
                result.accept(null);
                again(loop, address, doorway, 1);
            } else {
                result.accept(trouble(bound.cause()));
            }
        });
    }

    private void again(EventLoop loop, InetSocketAddress address, Doorway doorway, int tried) {
        if (closing || loop.isShuttingDown()) {
            return;
        }
        Runnable next = () -> bind(loop, address, doorway, bound -> {
            if (bound.isSuccess()) {
                begin(bound.channel(), address);
                closeIfDeserted();
                return;
            }
            if (tried % TRIES_PER_WARNING == 0) {
                LOG.warn(
                        "{}.http3: {} (expected: the process before, or whoever has the port, lets go of it); visitors come over TCP",
                        config.key(),
                        trouble(bound.cause()).getMessage());
            }
            again(loop, address, doorway, tried + 1);
        });
        loop.schedule(next, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void bind(EventLoop loop, InetSocketAddress address, Doorway doorway, ChannelFutureListener result) {
        new Bootstrap()
                .group(loop)
                .channel(loops.datagramChannel())
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .handler(codec(doorway))
                .bind(address)
                .addListener(result);
    }

    private void begin(Channel bound, InetSocketAddress address) {
        LOG.warn("{}.http3: experimental; UDP port {} is listened on", config.key(), address.getPort());
        socket = bound;
        advertised = config.http3().altSvc(address.getPort());
        if (closing) {
            advertised = null;
        }
    }

    private static IOException trouble(Throwable cause) {
        return new IOException("UDP for http3: " + cause.getMessage(), cause);
    }

    /** Another process can only be there with epoll, which says so by number. */
    private static boolean isTaken(Throwable cause) {
        return cause instanceof Errors.NativeIoException refused && refused.expectedErr() == -EADDRINUSE;
    }

    private ChannelHandler codec(Doorway doorway) {
        Http3Config spoken = config.http3();
        return new QuicServerCodecBuilder()
                .sslEngineProvider(channel -> byName.newEngine(channel.alloc()))
                .maxIdleTimeout(idle.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(spoken.connectionWindow())
                .initialMaxStreamDataBidirectionalRemote(spoken.streamWindow())
                .initialMaxStreamsBidirectional(spoken.maxConcurrentStreams())
                .initialMaxStreamsUnidirectional(CONTROL_STREAMS)
                .initialMaxStreamDataUnidirectional(CONTROL_WINDOW)
                // A visitor is who his address says, from the first request to the last.
                .activeMigration(false)
                .tokenHandler(new AddressTokens(nanos))
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .streamOption(ChannelOption.ALLOCATOR, loops.allocator())
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        entered(channel, doorway);
                    }
                })
                .build();
    }

    private void entered(QuicChannel channel, Doorway doorway) {
        open++;
        channel.closeFuture().addListener(closed -> {
            open--;
            closeIfDeserted();
        });
        boolean welcome = doorway.enters(channel) && !closing;
        // Proved by the token that it has brought.
        if (welcome && channel.remoteSocketAddress() instanceof InetSocketAddress from && from.getAddress() != null) {
            guests.connected(channel, Peer.direct(IpAddress.of(from.getAddress())));
        } else {
            refuse(channel);
        }
    }

    /** Ends a connection that has only begun, once its first packet was read: before that it could not be told. */
    public static void refuse(QuicChannel channel) {
        channel.eventLoop().execute(() -> channel.close(false, REFUSED, Unpooled.EMPTY_BUFFER));
    }

    /** Accepts no more connections, and closes when those that are open have ended. */
    void close() {
        advertised = null;
        closing = true;
        Channel bound = socket;
        if (bound != null && !bound.eventLoop().isShuttingDown()) {
            bound.eventLoop().execute(this::closeIfDeserted);
        }
    }

    private void closeIfDeserted() {
        Channel bound = socket;
        if (closing && open == 0 && bound != null) {
            bound.close();
        }
    }
}
