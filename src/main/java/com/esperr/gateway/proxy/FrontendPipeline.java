package com.esperr.gateway.proxy;

import com.esperr.gateway.http1.RequestDecoder;
import com.esperr.gateway.listen.Listener;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/** Composes the pipeline of a client's connection, in one place; thread-safe. */
final class FrontendPipeline implements Listener.Guests {
    private final ExchangeServices services;
    private final LoopLocal<Sweeper> sweepers;
    private final @Nullable TlsFront tls;

    FrontendPipeline(ExchangeServices services, LoopLocal<Sweeper> sweepers, @Nullable TlsFront tls) {
        this.tls = tls;
        this.services = services;
        this.sweepers = sweepers;
    }

    @Override
    public void connected(Channel channel, Peer peer) {
        // Here and not for all, because the JDK's unix sockets do not have it, and each would be complained of.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        RequestDecoder decoder = new RequestDecoder(services.limits().decoder());
        if (tls != null) {
            tls.install(channel);
        }
        channel.pipeline()
                // first: nothing that is not strictly framed HTTP/1.1 gets any further
                .addLast("decoder", decoder)
                // last: the one exchange that is under way, and the time between exchanges
                .addLast("connection", new FrontendConnection(channel, peer, decoder, services, sweepers.get(), tls));
    }
}
