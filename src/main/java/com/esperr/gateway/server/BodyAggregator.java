package com.esperr.gateway.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/** Collects a request; one that is too long is answered 413 and the connection closed. Confined to its event loop. */
final class BodyAggregator extends HttpObjectAggregator {
    private final int most;
    private final PendingReply.Log log;

    BodyAggregator(int most, PendingReply.Log log) {
        super(most, true);
        this.most = most;
        this.log = log;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        byte[] body = new ApiError(413, "body_too_large", "body: more than " + most + " bytes").json();
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, ApiReply.JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        log.answered("POST", "other", null, 413, most, body.length, 0);
        // Not closed at once: a client that is still sending would lose the answer to the reset. The deadline ends it.
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(response).addListener(written -> {
            if (!written.isSuccess()) {
                ctx.close();
            } else {
                ctx.executor().schedule(() -> ctx.close(), 1, TimeUnit.SECONDS);
            }
        });
    }
}
