package com.esperr.gateway.upstream;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Establishes the connections of one event loop to one endpoint: looks its name up, tries one address after the other, and shakes
 * hands where TLS is spoken. Confined to that loop.
 */
final class Dialer {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final SocketAddress place;
    private final @Nullable EndpointAddresses addresses;
    private final long interval;
    private long lookedUp;
    private boolean retired;

    /**
     * Connections as {@code bootstrap} makes them.
     *
     * @param outdated is run when addresses are gone that connections may lead to
     */
    Dialer(
            OriginEndpoint endpoint,
            EventLoops loops,
            EventLoop loop,
            Bootstrap bootstrap,
            Runnable outdated,
            LongSupplier nanos) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.place = endpoint.address(loops);
        this.addresses = place instanceof InetSocketAddress name && name.isUnresolved()
                ? new EndpointAddresses(loops.resolver().getResolver(loop), name, outdated)
                : null;
        this.interval = endpoint.config().dnsInterval().toNanos();
        this.lookedUp = nanos.getAsLong();
    }

    /** Is told once how it went, possibly before the call that asked has returned. */
    interface Outcome {
        /** The connection is there. */
        void connected(Channel channel);

        /** There is none; {@code slow} if it would have taken too long. */
        void refused(boolean slow, String detail);
    }

    /** Establishes a connection, for requests of {@code visitor}'s if the origin is told whose they are. */
    void dial(Outcome outcome, @Nullable IpAddress visitor) {
        Bootstrap dialled = visitor == null ? bootstrap : bootstrap.clone().attr(AddressHeader.VISITOR, visitor);
        if (addresses == null) {
            dial(dialled, outcome, List.of(place), 0);
            return;
        }
        addresses.find((found, failure) -> {
            if (failure == null) {
                dial(dialled, outcome, found, 0);
            } else {
                outcome.refused(false, String.valueOf(failure.getMessage()));
            }
        });
    }

    /** Whether a connection leads to an address that the name no longer has. */
    boolean outdated(@Nullable SocketAddress address) {
        return retired || (addresses != null && addresses.outdated(address));
    }

    /** From now on every address is one that nobody is to be led to any more. */
    void retire() {
        retired = true;
    }

    /** Looks the name up again now and then. */
    void sweep(long now) {
        if (addresses != null && !retired && interval > 0 && now - lookedUp >= interval) {
            lookedUp = now;
            addresses.refresh();
        }
    }

    private void dial(Bootstrap dialled, Outcome outcome, List<? extends SocketAddress> order, int at) {
        dialled.connect(order.get(at)).addListener((ChannelFuture future) -> {
            if (loop.inEventLoop()) {
                reached(dialled, outcome, order, at, future);
            } else {
                // Without a file descriptor there is no channel, and its failure is told on a thread of Netty's.
                loop.execute(() -> reached(dialled, outcome, order, at, future));
            }
        });
    }

    private void reached(
            Bootstrap dialled, Outcome outcome, List<? extends SocketAddress> order, int at, ChannelFuture future) {
        if (!future.isSuccess()) {
            Throwable cause = future.cause();
            boolean slow = cause instanceof ConnectTimeoutException;
            if (!slow && at + 1 < order.size()) {
                dial(dialled, outcome, order, at + 1);
                return;
            }
            outcome.refused(slow, cause == null ? "connect cancelled" : String.valueOf(cause.getMessage()));
            return;
        }
        Channel channel = future.channel();
        ClientTls.afterHandshake(channel, failure -> {
            if (failure == null) {
                outcome.connected(channel);
            } else {
                channel.close();
                outcome.refused(TlsFailure.slow(failure), "tls: " + TlsFailure.describe(failure));
            }
        });
    }
}
