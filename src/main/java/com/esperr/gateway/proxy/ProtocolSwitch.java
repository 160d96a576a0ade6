package com.esperr.gateway.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which version of HTTP a client speaks, and leaves the pipeline: under TLS by what was agreed on (ALPN), else by the first
 * bytes, as a client that begins with HTTP/2 says what no request begins with (RFC 9113 section 3.4). Confined to the event loop of
 * its connection. Holds at most the first two bytes.
 */
final class ProtocolSwitch extends ChannelInboundHandlerAdapter {
    private static final byte[] BEGINNING = {'P', 'R', 'I'};

    private final boolean tls;
    private final Runnable toHttp2;
    private @Nullable ByteBuf held;

    /** Calls {@code toHttp2}, which replaces the handlers of HTTP/1, if the client wants that. */
    ProtocolSwitch(boolean tls, Runnable toHttp2) {
        this.tls = tls;
        this.toHttp2 = toHttp2;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // First, because those behind it count handshakes.
        ctx.fireUserEventTriggered(event);
        if (tls && event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (handler != null && ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
                toHttp2.run();
            }
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (tls || !(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf before = held;
        held = null;
        ByteBuf first =
                before == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
        int known = Math.min(BEGINNING.length, first.readableBytes());
        boolean begins = true;
        for (int i = 0; i < known; i++) {
            begins &= first.getByte(first.readerIndex() + i) == BEGINNING[i];
        }
        if (begins && known < BEGINNING.length) {
            held = first;
            return;
        }
        if (begins) {
            toHttp2.run();
        }
        ctx.fireChannelRead(first);
        ctx.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf rest = held;
        held = null;
        if (rest != null) {
            rest.release();
        }
    }
}
