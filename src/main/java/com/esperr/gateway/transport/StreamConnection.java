package com.esperr.gateway.transport;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.HeadWriter;
import com.esperr.gateway.http1.ResponseDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one stream and the last handler of its pipeline; confined to its event loop. Body pieces are copied for
 * the receiver and released here.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);
    private static final int PIECE = 16 * 1024;

    private final Channel channel;
    private final ResponseDecoder decoder;
    private final StreamReceiver receiver;
    private boolean asked;
    private boolean over;
    private String detail = "the connection was closed";

    StreamConnection(Channel channel, ResponseDecoder decoder, StreamReceiver receiver) {
        this.channel = channel;
        this.decoder = decoder;
        this.receiver = receiver;
        // One piece at a time: visitors are served on this loop in between, however much the service has to tell.
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(PIECE).maxMessagesPerRead(1));
    }

    /** Sends the request. */
    void ask(String target, String host, Fields fields) {
        asked = true;
        if (!channel.isActive()) {
            end();
            return;
        }
        ByteBuf head = channel.alloc().directBuffer();
        HeadWriter.requestLine(head, "GET", target);
        HeadWriter.field(head, FieldName.HOST, host);
        HeadWriter.lines(head, fields, 0, fields.size());
        HeadWriter.end(head);
        decoder.expect("GET");
        channel.writeAndFlush(head, channel.voidPromise());
    }

    /** Closes; the receiver is not told. */
    void cancel() {
        over = true;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!over) {
                take(message);
            }
        } catch (RuntimeException | Error defect) {
            LOG.error("the receiver of a stream threw", defect);
            fail("a defect of the receiver: " + defect.getClass().getSimpleName());
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(Object message) {
        if (message instanceof ByteBuf piece) {
            receiver.received(ByteBufUtil.getBytes(piece));
        } else if (message instanceof ResponseHead head) {
            begin(head);
        } else if (message instanceof MessageEnd) {
            fail("the service ended the answer");
        } else if (message instanceof BadMessage bad) {
            fail(bad.detail());
        }
    }

    private void begin(ResponseHead head) {
        if (head.interim()) {
            return;
        }
        @Nullable String coding = head.fields().get("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            fail("content-encoding: a coding (expected: none, as none was offered)");
        } else {
            receiver.answered(head.status(), head.fields());
        }
    }

    private void fail(String why) {
        detail = why;
        channel.close();
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // Before it was asked, the connector tells of the failure or the one who asks finds out.
        if (asked) {
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        detail = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        channel.close();
    }

    private void end() {
        if (!over) {
            over = true;
            receiver.ended(detail);
        }
    }
}
