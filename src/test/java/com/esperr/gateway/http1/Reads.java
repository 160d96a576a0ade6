package com.esperr.gateway.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/** Counts how often more bytes are asked for. */
final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
        count++;
        ctx.read();
    }

    /** The count since the last call. */
    int take() {
        int taken = count;
        count = 0;
        return taken;
    }
}
