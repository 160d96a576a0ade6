package com.esperr.gateway.upstream;

import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http2.FrameWriter;
import com.esperr.gateway.http2.HeaderListDecoder;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * What an HTTP/2 connection to an origin is made of. Stateless. The window of the connection is refilled as data comes, those of the
 * streams as their clients take it, so that a slow client holds up nobody else; what all of them hold is bounded by the streams.
 */
final class SharedPipeline {
    static final int CONNECTION_WINDOW = 4 * 1024 * 1024;
    private static final int STREAM_WINDOW = 256 * 1024;

    /** Visitors share the table of HPACK; what is secret of one is not put there (RFC 7541 section 7.1). */
    private static final Http2HeadersEncoder.SensitivityDetector SECRETS = (name, value) ->
            HttpHeaderNames.COOKIE.contentEquals(name) || HttpHeaderNames.AUTHORIZATION.contentEquals(name);

    private SharedPipeline() {}

    /** The handler of a new connection of {@code pool}'s. */
    static SharedConnection handler(StreamPool pool, Channel channel) {
        DecoderLimits limits = pool.endpoint().config().limits();
        Http2Connection connection = new DefaultHttp2Connection(false);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, 0.5f, true));
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, new FrameWriter(SECRETS));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection,
                encoder,
                new DefaultHttp2FrameReader(HeaderListDecoder.within(limits)),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                false,
                false);
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(HeaderListDecoder.most(limits));
        return new SharedConnection(pool, channel, decoder, encoder, settings);
    }
}
