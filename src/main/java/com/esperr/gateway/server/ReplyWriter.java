package com.esperr.gateway.server;

import com.esperr.gateway.transport.PhaseDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Writes the answers of one connection and lets it read on behind each. Confined to the event loop of its connection; the
 * buffers it makes belong to Netty once written.
 */
final class ReplyWriter {
    private final PhaseDeadline deadline;
    private final BooleanSupplier draining;
    private final PendingReply.Log log;
    private boolean streaming;
    private boolean chunks;

    ReplyWriter(PhaseDeadline deadline, BooleanSupplier draining, PendingReply.Log log) {
        this.deadline = deadline;
        this.draining = draining;
        this.log = log;
    }

    /** Whether an answer goes on, behind which nothing comes. */
    boolean isStreaming() {
        return streaming;
    }

    /** A request has come and will be answered; nothing more is read meanwhile. */
    PendingReply begin(ChannelHandlerContext ctx, FullHttpRequest request) {
        deadline.answer();
        // Who speaks HTTP/1.0 does not know chunks (RFC 9112 section 6.1).
        chunks = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        ctx.channel().config().setAutoRead(false);
        return new PendingReply(
                this,
                ctx,
                log,
                request.method().name(),
                HttpUtil.isKeepAlive(request),
                request.content().readableBytes());
    }

    Executor loop(ChannelHandlerContext ctx) {
        return ctx.executor();
    }

    /** Writes a whole answer. */
    void write(ChannelHandlerContext ctx, ApiReply reply, boolean head, boolean mayKeep) {
        boolean keep = mayKeep && !draining.getAsBoolean();
        ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body());
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        HttpHeaders headers =
                usual(response.headers(), reply.contentType()).set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        reply.headers().forEach(headers::set);
        if (!keep) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ctx.writeAndFlush(response).addListener(written -> {
            if (keep && written.isSuccess()) {
                deadline.waitForRequest();
                ctx.channel().config().setAutoRead(true);
            } else {
                ctx.close();
            }
        });
    }

    /** Begins an answer that goes on. */
    ReplyStream stream(ChannelHandlerContext ctx, String contentType) {
        streaming = true;
        deadline.none();
        DefaultHttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        usual(response.headers(), contentType).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (chunks) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ctx.writeAndFlush(response);
        // Reading goes on, because that is how the end of the other side is seen.
        ctx.channel().config().setAutoRead(true);
        return new Stream(ctx);
    }

    private static HttpHeaders usual(HttpHeaders headers, String contentType) {
        return headers.set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff");
    }

    /** The rest of an answer. */
    private record Stream(ChannelHandlerContext ctx) implements ReplyStream {
        @Override
        public void send(byte[] bytes, Runnable written) {
            ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                    .addListener(future -> {
                        if (future.isSuccess()) {
                            written.run();
                        } else {
                            ctx.close();
                        }
                    });
        }

        @Override
        public void end() {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(written -> ctx.close());
        }

        @Override
        public void cut() {
            ctx.close();
        }

        @Override
        public void onClose(Runnable action) {
            ctx.channel().closeFuture().addListener(closed -> action.run());
        }
    }
}
