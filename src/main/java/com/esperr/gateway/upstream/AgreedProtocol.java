package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.ClientTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Puts what was agreed on in the handshake of TLS into the pipeline of a new connection, before the first byte behind it is read, and
 * leaves. Confined to the event loop of its connection.
 */
final class AgreedProtocol extends ChannelInboundHandlerAdapter {
    private final StreamPool http2;
    private final OriginPool http1;

    AgreedProtocol(StreamPool http2, OriginPool http1) {
        this.http2 = http2;
        this.http1 = http1;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            boolean agreed = ClientTls.agreedOnHttp2(ctx.channel());
            if (agreed) {
                ctx.pipeline().addLast("http2", SharedPipeline.handler(http2, ctx.channel()));
            } else {
                http1.assemble(ctx.channel());
            }
            ctx.pipeline().remove(this);
            if (!agreed) {
                http2.prefersHttp1(ctx.channel());
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Who asked for the connection learns of it from the handshake.
        ctx.close();
    }
}
