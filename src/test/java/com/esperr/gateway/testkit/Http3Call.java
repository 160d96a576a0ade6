package com.esperr.gateway.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3UnknownFrame;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request of a {@link RawHttp3Client} and what comes back. Thread-safe. */
public final class Http3Call {
    private static final long SECONDS = 120;

    private final CompletableFuture<Http2Response> response = new CompletableFuture<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final List<List<String>> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable QuicStreamChannel stream;

    Http3Call() {}

    Http3Call on(QuicStreamChannel opened) {
        stream = opened;
        return this;
    }

    private QuicStreamChannel stream() {
        QuicStreamChannel known = stream;
        if (known == null) {
            throw new AssertionError("not opened");
        }
        return known;
    }

    /** Sends these bytes as they are, if the stream is not over. */
    public Http3Call raw(byte[] bytes) {
        return send(RawHttp3Client.bytes(bytes));
    }

    private Http3Call send(Object message) {
        // Past the codec, which sends nothing that is not allowed.
        ChannelHandlerContext context = stream().pipeline().firstContext();
        if (context == null) {
            ReferenceCountUtil.release(message);
        } else {
            context.writeAndFlush(message);
        }
        return this;
    }

    /** Sends these bytes as they are, and with them the end of the stream. */
    public Http3Call last(byte[] bytes) {
        return send(new DefaultQuicStreamFrame(RawHttp3Client.bytes(bytes), true));
    }

    /** Sends a head with the usual pseudo-headers. */
    public Http3Call head(String method, String path, String... fields) {
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "https", ":authority", "gw.test", ":path", path));
        all.addAll(List.of(fields));
        return section(all.toArray(String[]::new));
    }

    /** Sends a field section as it is. */
    public Http3Call section(String... fields) {
        return raw(RawHttp3Client.frame(RawHttp3Client.HEADERS, RawHttp3Client.section(fields)));
    }

    /** Sends a DATA frame. */
    public Http3Call data(byte[] data) {
        return raw(RawHttp3Client.frame(RawHttp3Client.DATA, data));
    }

    /** Ends the request. */
    public Http3Call finish() {
        return send(QuicStreamFrame.EMPTY_FIN);
    }

    /** Takes the request back. */
    public Http3Call reset() {
        stream().shutdownOutput(RawHttp3Client.REQUEST_CANCELLED);
        return this;
    }

    /** Wants no response any more. */
    public Http3Call stop() {
        stream().shutdownInput(RawHttp3Client.REQUEST_CANCELLED);
        return this;
    }

    /** Reads the response, or does not. */
    public Http3Call reading(boolean on) {
        stream().config().setAutoRead(on);
        return this;
    }

    /** Waits until the first head is here. */
    public Http3Call awaitHead() {
        begun.orTimeout(SECONDS, TimeUnit.SECONDS).join();
        return this;
    }

    /** Waits until it was sent a frame that means nothing. */
    public Http3Call awaitNothing() {
        asked.orTimeout(SECONDS, TimeUnit.SECONDS).join();
        return this;
    }

    /** What came, once the stream is over. */
    public Http2Response response() {
        return response.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Whether it is over. */
    public boolean isDone() {
        return response.isDone();
    }

    ChannelHandler reader() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof Http3HeadersFrame frame) {
                    List<String> lines = new ArrayList<>();
                    frame.headers().forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
                    heads.add(lines);
                    begun.complete(null);
                } else if (message instanceof Http3DataFrame frame) {
                    ByteBuf data = frame.content();
                    byte[] bytes = new byte[data.readableBytes()];
                    data.readBytes(bytes);
                    body.writeBytes(bytes);
                } else if (message instanceof Http3UnknownFrame) {
                    asked.complete(null);
                }
                ReferenceCountUtil.release(message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof ChannelInputShutdownEvent) {
                    over(null);
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                if (cause instanceof QuicStreamResetException reset) {
                    over((int) reset.applicationProtocolCode());
                    ctx.close();
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                over(-1);
            }
        };
    }

    private void over(@Nullable Integer reset) {
        if (!response.isDone()) {
            begun.complete(null);
            response.complete(new Http2Response(List.copyOf(heads), body.toByteArray(), reset));
        }
    }
}
