package com.esperr.gateway.server;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.telemetry.ServiceMetrics;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the pipeline of one connection: one request at a time is answered, and the next ones, which the handlers before
 * this hold, after it. Confined to the event loop of its connection. Request buffers are released when
 * {@link #channelRead0} returns; what operations get are copies.
 */
final class ApiConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ApiConnection.class);

    private final Supplier<Api> live;
    private final ServiceMetrics metrics;
    private final ReplyWriter writer;

    ApiConnection(Supplier<Api> live, ServiceMetrics metrics, ReplyWriter writer) {
        this.live = live;
        this.metrics = metrics;
        this.writer = writer;
    }

    @Override
    public void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (writer.isStreaming()) {
            // A follower of the feed has nothing to say; what it sends has no end that could be waited for.
            ctx.close();
            return;
        }
        PendingReply call = writer.begin(ctx, message);
        Throwable malformed = message.decoderResult().cause();
        if (malformed != null) {
            call.closeAfter();
            call.reply(ApiReply.error(refusal(malformed)));
            return;
        }
        ApiRequest request = request(message);
        try {
            answer(live.get(), call, request);
        } catch (BadInput wrong) {
            call.reply(ApiReply.error(wrong.error()));
        } catch (RuntimeException fault) {
            LOG.error("{} {} failed", request.method(), call.label(), fault);
            call.reply(
                    ApiReply.error(new ApiError(500, "internal", "failed; the reason is in the log of the service")));
        }
    }

    private void answer(Api api, PendingReply call, ApiRequest request) {
        Operation operation = api.operations().find(request.path());
        if (operation == null) {
            call.reply(ApiReply.error(
                    new ApiError(404, "not_found", "path: nothing here (expected: a path of /openapi.json)")));
            return;
        }
        call.about(operation.label(), request);
        if (operation.keyed()) {
            Keeper.Admission admission = api.keeper().admit(request, operation);
            if (admission.refusal() != null) {
                call.reply(admission.refusal());
                return;
            }
            call.by(admission.caller());
        }
        ApiReply refusal = Operations.refusal(operation, request);
        if (refusal != null) {
            call.reply(refusal);
        } else {
            operation.answer(call);
        }
    }

    private static ApiError refusal(Throwable malformed) {
        if (malformed instanceof StrictRequests.Refused refused) {
            FailureReason reason = refused.reason();
            String code = reason.status() == 400 ? "malformed_request" : reason.label();
            return new ApiError(reason.status(), code, String.valueOf(refused.getMessage()));
        }
        return new ApiError(400, "malformed_request", "request: not HTTP (expected: HTTP/1.1)");
    }

    private static ApiRequest request(FullHttpRequest message) {
        String uri = message.uri();
        int mark = uri.indexOf('?');
        HttpHeaders headers = message.headers().copy();
        return new ApiRequest(
                message.method().name(),
                mark < 0 ? uri : uri.substring(0, mark),
                QueryParameters.parse(mark < 0 ? null : uri.substring(mark + 1)),
                name -> {
                    List<String> values = headers.getAll(name);
                    return values.size() == 1 ? values.get(0) : null;
                },
                ByteBufUtil.getBytes(message.content()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        metrics.connectionClosed();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection of {} failed", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }
}
