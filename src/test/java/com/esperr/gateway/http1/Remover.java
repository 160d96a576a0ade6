package com.esperr.gateway.http1;

import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Removes the decoder out of the first message of one kind and counts what comes after. */
final class Remover extends ChannelInboundHandlerAdapter {
    private final RequestDecoder decoder;
    private final String at;
    private boolean removed;
    int after;

    Remover(RequestDecoder decoder, String at) {
        this.decoder = decoder;
        this.at = at;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        after += removed ? 1 : 0;
        String kind = message instanceof RequestHead ? "HEAD" : message instanceof ByteBuf ? "DATA" : "END";
        ReferenceCountUtil.release(message);
        if (kind.equals(at) && !removed) {
            removed = true;
            ctx.pipeline().remove(decoder);
        }
        decoder.resume();
    }
}
