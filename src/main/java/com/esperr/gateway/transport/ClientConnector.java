package com.esperr.gateway.transport;

import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.ResponseDecoder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Makes connections to the service of one client: name, TCP, TLS, pipeline. Thread-safe. */
final class ClientConnector {
    private static final int HEAD_BYTES = 32 * 1024;
    private static final int HEAD_FIELDS = 100;
    private static final int STATUS_LINE = 1024;

    private final HttpClientConfig config;
    private final EventLoops loops;
    private final @Nullable ClientTls tls;
    private final InetSocketAddress address;

    ClientConnector(HttpClientConfig config, EventLoops loops, @Nullable ClientTls tls) {
        this.config = config;
        this.loops = loops;
        this.tls = tls;
        this.address = EventLoops.socketAddress(config.url().address());
    }

    /** Begins to connect; {@code sink} is told once, on {@code loop}. */
    void connect(EventLoop loop, Last last, Sink sink) {
        new Bootstrap()
                .group(loop)
                .channel(loops.clientChannel())
                .resolver(loops.resolver())
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(config.connectTimeout().toMillis()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        assemble(channel, last);
                    }
                })
                .connect(address)
                .addListener((ChannelFuture future) -> {
                    if (loop.inEventLoop()) {
                        established(future, sink);
                    } else {
                        // Without a file descriptor there is no channel, and its failure is told on a thread of
                        // Netty's.
                        loop.execute(() -> established(future, sink));
                    }
                });
    }

    private void assemble(Channel channel, Last last) {
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            tls.install(channel);
        }
        ResponseDecoder decoder =
                new ResponseDecoder(new DecoderLimits(STATUS_LINE, HEAD_BYTES, HEAD_FIELDS, Long.MAX_VALUE));
        pipeline.addLast("decoder", decoder);
        pipeline.addLast("connection", last.handler(channel, decoder));
    }

    private void established(ChannelFuture future, Sink sink) {
        if (!future.isSuccess()) {
            sink.refused(reason(future.cause()));
            return;
        }
        Channel channel = future.channel();
        ClientTls.afterHandshake(channel, failure -> {
            if (failure == null) {
                sink.connected(channel);
            } else {
                channel.close();
                sink.refused("tls: " + TlsFailure.describe(failure));
            }
        });
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "cancelled" : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    /** Makes the last handler of a pipeline, which speaks behind the decoder. */
    interface Last {
        ChannelHandler handler(Channel channel, ResponseDecoder decoder);
    }

    /** Is told how an attempt ended. */
    interface Sink {
        /** The connection is ready for its first call. */
        void connected(Channel channel);

        /** There is no connection. */
        void refused(String detail);
    }
}
