package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Counts what comes on the control stream of an HTTP/3 connection; confined to its event loop. The frames have been obeyed already, and
 * are released.
 */
final class ControlFrames extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;

    ControlFrames(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        ReferenceCountUtil.release(frame);
        connection.spend(Flood.SETTINGS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.faulty(cause);
    }
}
