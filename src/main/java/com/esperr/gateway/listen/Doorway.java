package com.esperr.gateway.listen;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.net.Peer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The first look at a connection: whether there is room for it at this listener, and where it comes from. Thread-safe.
 */
final class Doorway extends ChannelInitializer<Channel> {
    private final ListenConfig config;
    private final ProxyProtocolCounts counts;
    private final Listener.Guests guests;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    Doorway(ListenConfig config, ProxyProtocolCounts counts, Listener.Guests guests) {
        this.config = config;
        this.counts = counts;
        this.guests = guests;
    }

    /** Connections that are open here. */
    int open() {
        return open.get();
    }

    /** Connections that were closed because there were too many here. */
    long refused() {
        return refused.sum();
    }

    /** Counts one in until it is closed; whether there is room for it. */
    boolean enters(Channel channel) {
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        boolean room = config.connections() == 0 || now <= config.connections();
        if (!room) {
            refused.increment();
        }
        return room;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!enters(channel)) {
            channel.close();
            return;
        }
        Peer peer = peer(channel);
        if (peer == null) {
            channel.close();
            return;
        }
        ProxyProtocolConfig protocol = config.proxyProtocol();
        if (protocol.mode() == ProxyProtocolConfig.Mode.OFF) {
            guests.connected(channel, peer);
        } else if (protocol.from().contains(peer.address())) {
            if (!guests.expected()) {
                channel.close();
                return;
            }
            channel.pipeline().addLast("proxy-protocol", new ProxyProtocol(protocol, counts, peer, guests));
        } else if (protocol.mode() == ProxyProtocolConfig.Mode.REQUIRED) {
            counts.count(ProxyProtocolCounts.Result.UNTRUSTED);
            channel.close();
        } else {
            // What a stranger says of himself is not looked at: it is no HTTP, and answered so.
            guests.connected(channel, peer);
        }
    }

    /** The other end, or null if it has left and cannot be named any more. */
    private @Nullable Peer peer(Channel channel) {
        if (config.address() instanceof ListenAddress.Unix) {
            return Peer.UNIX;
        }
        return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                ? Peer.direct(IpAddress.of(address.getAddress()))
                : null;
    }
}
