package com.esperr.gateway.server;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Authority;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Turns what our decoder understands into the messages of Netty's that the handlers behind this work with, so that the service
 * is as strict about framing as the gateway: what two readers could understand differently is refused. Confined to the event loop
 * of its connection. Pieces of bodies are passed on with their owner's rights.
 */
final class StrictRequests extends ChannelInboundHandlerAdapter {
    private static final io.netty.handler.codec.http.HttpVersion OLD = io.netty.handler.codec.http.HttpVersion.HTTP_1_0;
    private static final io.netty.handler.codec.http.HttpVersion CURRENT =
            io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

    private final RequestDecoder decoder;
    private boolean inside;

    StrictRequests(RequestDecoder decoder) {
        this.decoder = decoder;
    }

    /** That a request is refused, as the result of its decoding. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final FailureReason reason;

        Refused(BadMessage bad) {
            super(bad.detail(), null, false, false);
            this.reason = bad.reason();
        }

        FailureReason reason() {
            return reason;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RequestHead head) {
            begin(ctx, head);
        } else if (message instanceof ByteBuf data) {
            ctx.fireChannelRead(new DefaultHttpContent(data));
        } else if (message instanceof MessageEnd) {
            inside = false;
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            decoder.resume();
        } else if (message instanceof BadMessage bad) {
            refuse(ctx, bad);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, RequestHead head) {
        String host = head.fields().get(FieldName.HOST);
        if (host != null && Authority.parseOrNull(host) == null) {
            decoder.stop();
            refuse(
                    ctx,
                    new BadMessage(
                            FailureReason.INVALID_HOST, "Host: malformed (expected: a host with an optional port)"));
            return;
        }
        inside = true;
        ctx.fireChannelRead(request(head));
        // Those behind this hold what is too much.
        decoder.resume();
    }

    private void refuse(ChannelHandlerContext ctx, BadMessage bad) {
        DecoderResult result = DecoderResult.failure(new Refused(bad));
        HttpObject refused = inside
                ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER)
                : new DefaultFullHttpRequest(OLD, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);
        refused.setDecoderResult(result);
        inside = false;
        ctx.fireChannelRead(refused);
    }

    private static HttpRequest request(RequestHead head) {
        Fields fields = head.fields();
        // Proved to be names and values already.
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < fields.size(); i++) {
            headers.add(fields.name(i), fields.value(i));
        }
        return new DefaultHttpRequest(
                head.version() == HttpVersion.HTTP_1_0 ? OLD : CURRENT,
                HttpMethod.valueOf(head.method()),
                head.target(),
                headers);
    }
}
