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
    private static final String DECODER = "decoder";
    private static final String CONNECTION = "connection";

    private final LiveServices live;
    private final LoopLocal<Sweeper> sweepers;
    private final @Nullable TlsFront tls;
    private final @Nullable Http2Pipeline http2;

    FrontendPipeline(
            LiveServices live, LoopLocal<Sweeper> sweepers, @Nullable TlsFront tls, @Nullable Http2Pipeline http2) {
        this.http2 = http2;
        this.tls = tls;
        this.live = live;
        this.sweepers = sweepers;
    }

    @Override
    public boolean expected() {
        return live.now().connections().expected();
    }

    @Override
    public void heard() {
        live.now().connections().heard();
    }

    @Override
    public void connected(Channel channel, Peer peer) {
        // Here and not for all, because the JDK's unix sockets do not have it, and each would be complained of.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        LimitsConfig limits = live.now().limits();
        RequestDecoder decoder = RequestDecoder.inTurns(limits.decoder());
        if (tls != null) {
            tls.install(channel);
        }
        FrontendConnection front = new FrontendConnection(channel, peer, decoder, live, sweepers.get(), tls);
        if (http2 != null) {
            // leaves again when it is known what the client speaks, and exchanges the others if that is HTTP/2
            Runnable toHttp2 = () -> http2.install(channel, DECODER, CONNECTION, front);
            channel.pipeline().addLast("protocol", new ProtocolSwitch(tls != null, limits.headerTimeout(), toHttp2));
        }
        channel.pipeline()
                // first: nothing that is not strictly framed HTTP/1.1 gets any further
                .addLast(DECODER, decoder)
                // last: the one exchange that is under way, and the time between exchanges
                .addLast(CONNECTION, front);
    }
}
