package com.esperr.gateway.proxy;

import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http2.FrameWriter;
import com.esperr.gateway.http2.HeaderListDecoder;
import com.esperr.gateway.http2.RefusedStreams;
import com.esperr.gateway.listen.Http2Config;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Turns the pipeline of a client's connection into one of HTTP/2; thread-safe. */
final class Http2Pipeline {
    /** What is indexed, a later response can be compared with; a session's cookie is nobody's to guess. */
    private static final Http2HeadersEncoder.SensitivityDetector SECRETS =
            (name, value) -> HttpHeaderNames.SET_COOKIE.contentEquals(name);

    private final LiveServices live;
    private final LoopLocal<Sweeper> sweepers;
    private final Http2Config config;
    private final MultiplexedCounts counts;

    Http2Pipeline(LiveServices live, LoopLocal<Sweeper> sweepers, Http2Config config, MultiplexedCounts counts) {
        this.live = live;
        this.sweepers = sweepers;
        this.config = config;
        this.counts = counts;
    }

    /** Puts HTTP/2 in the place of {@code decoder} and {@code front}, if that is still to be served. */
    void install(Channel channel, String decoder, String connection, FrontendConnection front) {
        if (front.handOver()) {
            channel.pipeline().remove(decoder);
            channel.pipeline().remove(connection);
            channel.pipeline().addLast("http2", connection(channel, front, sweepers.get()));
        }
    }

    /** The handler of one connection. */
    MultiplexedConnection connection(Channel channel, FrontendConnection front, Sweeper sweeper) {
        ExchangeServices services = live.now();
        DecoderLimits limits = services.limits().decoder();
        Http2Connection frames = new DefaultHttp2Connection(true);
        // Not only once the client has acknowledged it: until then it could open any number.
        frames.remote().maxActiveStreams(config.maxConcurrentStreams());
        // Priorities are not followed, as nearly nobody sends them any more (RFC 9113 section 5.3.2).
        frames.remote()
                .flowController(new DefaultHttp2RemoteFlowController(frames, new UniformStreamByteDistributor(frames)));
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(frames, new FrameWriter(SECRETS));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                frames,
                encoder,
                new RefusedStreams(new DefaultHttp2FrameReader(HeaderListDecoder.within(limits)), frames),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                false,
                false);
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(config.maxConcurrentStreams())
                .initialWindowSize(config.streamWindow())
                .maxHeaderListSize(HeaderListDecoder.most(limits));
        if (services.upgrades().webSockets()) {
            // RFC 8441 section 3
            settings.connectProtocolEnabled(true);
        }
        return new MultiplexedConnection(decoder, encoder, settings, front, channel, live, config, counts, sweeper);
    }
}
