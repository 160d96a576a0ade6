package com.esperr.gateway.proxy;

import com.esperr.gateway.http3.FrameBounds;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3ErrorCode;

/**
 * Looks at the bytes of a request stream before they are decoded; confined to the event loop of its connection. They are handed on.
 */
final class Http3Bounds extends ChannelInboundHandlerAdapter {
    private final Http3Connection connection;
    private final FrameBounds bounds;

    Http3Bounds(Http3Connection connection) {
        this.connection = connection;
        this.bounds = new FrameBounds(connection);
    }

    /** Whether one frame has come, whole, and nothing else. */
    boolean onlyOne() {
        return bounds.onlyOne();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            bounds.look(bytes);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (bounds.inside()) {
            // RFC 9114 section 7.1; and half of a body must not pass for the whole.
            connection.end(Http3ErrorCode.H3_FRAME_ERROR, "stream ended inside a frame");
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }
}
