package com.esperr.gateway.listen;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Counts what becomes of the handshake of one connection; confined to its event loop. */
public final class HandshakeCount extends ChannelInboundHandlerAdapter {
    private final TlsFront front;

    /** Counts it there. */
    public HandshakeCount(TlsFront front) {
        this.front = front;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            front.handshake(handshake.isSuccess());
        } else if (event instanceof SniCompletionEvent name && !name.isSuccess()) {
            // Nothing, or too little, was said in time.
            front.handshake(false);
        }
        ctx.fireUserEventTriggered(event);
    }
}
