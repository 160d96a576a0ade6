package com.esperr.gateway.admin;

import com.esperr.gateway.transport.PhaseDeadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the operator port's pipeline: takes one request, has it answered on an admin thread, writes the answer and
 * reads on. Confined to the event loop of its connection. Request buffers are released when
 * {@link #channelRead0} returns; answers are plain arrays.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Desk desk;
    private final AdminThread thread;
    private final AdminThread slow;
    private final PhaseDeadline deadline;
    private final Places places;
    private boolean streaming;

    /**
     * The end of one connection.
     *
     * @param slow where changes are made that take seconds, during which {@code thread} goes on answering
     */
    AdminHandler(Desk desk, AdminThread thread, AdminThread slow, PhaseDeadline deadline, Places places) {
        this.desk = desk;
        this.thread = thread;
        this.slow = slow;
        this.deadline = deadline;
        this.places = places;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (streaming) {
            // Whoever listens has nothing more to say.
            ctx.close();
            return;
        }
        deadline.answer();
        places.asked(ctx.channel());
        // One request at a time; the flow handler before this one holds what has been read already.
        ctx.channel().config().setAutoRead(false);
        Form form = Form.of(request, desk.allowed(request));
        Caller caller = Gate.caller(request, ctx.channel().remoteAddress());
        AdminReply refusal = desk.refusal(request, caller);
        if (refusal != null) {
            write(ctx, form, refusal);
            return;
        }
        Desk.Answer answer = desk.answer(request, caller);
        AdminThread own = desk.isSlow(request) ? slow : thread;
        boolean taken = own.offer(() -> {
            AdminReply reply = answer.work();
            try {
                ctx.executor().execute(() -> reply(ctx, form, reply, caller));
            } catch (RejectedExecutionException over) {
                LOG.debug("operator port: nobody is left to answer", over);
            }
        });
        if (!taken) {
            write(ctx, form, AdminReply.text(503, "too much to answer, or shutting down"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("operator port: connection of {} failed", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    private void reply(ChannelHandlerContext ctx, Form form, AdminReply reply, Caller caller) {
        Viewers viewers = reply.viewers();
        if (viewers == null || form.head || !ctx.channel().isActive()) {
            write(ctx, form, reply);
        } else if (viewers.join(ctx.channel(), caller)) {
            stream(ctx, reply);
        } else {
            write(ctx, form, EventsEndpoint.full());
        }
    }

    /** Begins an answer that has no end but that of the connection. */
    private void stream(ChannelHandlerContext ctx, AdminReply reply) {
        streaming = true;
        deadline.none();
        DefaultHttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        describe(response.headers(), reply);
        ctx.write(response);
        ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(reply.body())));
        // Read on, to notice when the other side leaves.
        ctx.channel().config().setAutoRead(true);
    }

    private static void describe(HttpHeaders headers, AdminReply reply) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'")
                .set("cross-origin-resource-policy", "same-origin")
                .set("cross-origin-opener-policy", "same-origin")
                .set("referrer-policy", "no-referrer");
        reply.headers().forEach(headers::set);
    }

    private void write(ChannelHandlerContext ctx, Form form, AdminReply reply) {
        // After a malformed request the next one cannot be found.
        boolean keepAlive = form.keepAlive && reply.status() != 400;
        ByteBuf body = form.head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body());
        HttpResponseStatus status = HttpResponseStatus.valueOf(reply.status());
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        HttpHeaders headers = response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        describe(headers, reply);
        if (reply.status() == 405) {
            headers.set(HttpHeaderNames.ALLOW, form.allowed);
        }
        HttpUtil.setKeepAlive(headers, form.version, keepAlive);
        ctx.writeAndFlush(response).addListener(written -> {
            if (keepAlive && written.isSuccess()) {
                deadline.waitForRequest();
                places.answered(ctx.channel());
                ctx.channel().config().setAutoRead(true);
            } else {
                ctx.close();
            }
        });
    }

    /** How the answer to a request has to look. */
    private record Form(boolean head, boolean keepAlive, HttpVersion version, String allowed) {
        static Form of(FullHttpRequest request, String allowed) {
            return new Form(
                    request.method().equals(HttpMethod.HEAD),
                    HttpUtil.isKeepAlive(request),
                    request.protocolVersion(),
                    allowed);
        }
    }
}
