package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.FloodAllowances;
import com.esperr.gateway.http2.FloodBudget;
import com.esperr.gateway.http2.HeaderListDecoder;
import com.esperr.gateway.listen.Http3Config;
import com.esperr.gateway.listen.QuicSocket;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;

/** Composes the pipelines of a client's connection of QUIC and of its streams; thread-safe. */
final class Http3Pipeline implements QuicSocket.Guests {
    private final LiveServices live;
    private final LoopLocal<Sweeper> sweepers;
    private final Http3Config config;
    private final FloodAllowances floods;
    private final MultiplexedCounts counts;
    private final TlsFront tls;

    Http3Pipeline(
            LiveServices live,
            LoopLocal<Sweeper> sweepers,
            Http3Config config,
            FloodAllowances floods,
            MultiplexedCounts counts,
            TlsFront tls) {
        this.live = live;
        this.floods = floods;
        this.sweepers = sweepers;
        this.config = config;
        this.counts = counts;
        this.tls = tls;
    }

    @Override
    public void connected(QuicChannel channel, Peer peer) {
        Http3Connection connection = new Http3Connection(
                channel,
                peer,
                live,
                config,
                new FloodBudget(floods, live.now().clock().nanos()),
                counts,
                tls,
                sweepers.get());
        channel.pipeline()
                // streams get their decoders here, and their exchanges from the connection
                .addLast(
                        "http3",
                        new Http3ServerConnectionHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel stream) {
                                        connection.begin(stream);
                                    }
                                },
                                new ControlFrames(connection),
                                null,
                                new DefaultHttp3SettingsFrame(settings()),
                                true))
                .addLast("connection", connection);
    }

    /** No table that changes: it would let one stream wait for another, and little hold much (RFC 9204 section 7.2). */
    private Http3Settings settings() {
        // Twice what is allowed: what is somewhat too long is told so, as only what is far too long costs the
        // connection.
        long most = 2 * HeaderListDecoder.most(live.now().limits().decoder());
        return new Http3Settings()
                .qpackMaxTableCapacity(0)
                .qpackBlockedStreams(0)
                .maxFieldSectionSize(most);
    }
}
