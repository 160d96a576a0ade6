package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http1.ByteSink;
import com.esperr.gateway.http1.ChunkWriter;
import com.esperr.gateway.http1.ResponseDecoder;
import com.esperr.gateway.transport.Disconnection;
import com.esperr.gateway.transport.OutputEnd;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the origin and the last handler of its pipeline; confined to its event loop. It is either idle in its
 * pool or leased to one exchange, whose {@link ResponseListener} gets everything that arrives. Body pieces are handed to
 * the listener, which takes them; what nobody waits for is released here and costs the connection.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements RequestOutput, ByteSink {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

    private final OriginPool pool;
    private final Channel channel;
    private final ResponseDecoder decoder;

    private @Nullable ResponseListener listener;
    private boolean touched;
    private boolean reusable;
    private boolean chunked;
    private int uses;
    private boolean gone;
    private boolean mute;
    private boolean opened;
    private boolean returning;
    private long idleSince;

    UpstreamConnection(OriginPool pool, Channel channel, ResponseDecoder decoder) {
        this.pool = pool;
        this.channel = channel;
        this.decoder = decoder;
    }

    @Override
    public void begin(RequestHead request, boolean maySwitch, ResponseListener listener) {
        assert channel.eventLoop().inEventLoop();
        this.listener = listener;
        touched = false;
        reusable = false;
        chunked = request.bodyLength() == BodyLength.CHUNKED;
        uses++;
        decoder.expect(request.method(), maySwitch);
    }

    @Override
    public void head(ByteBuf head) {
        write(head);
    }

    @Override
    public void data(ByteBuf data) {
        if (chunked) {
            ChunkWriter.write(this, data);
        } else {
            write(data);
        }
    }

    @Override
    public void end(MessageEnd end) {
        if (chunked) {
            ChunkWriter.writeEnd(this, end);
        }
    }

    /**
     * Sends request bytes; takes {@code bytes}. They leave with the next {@link #flush}, or, when the origin takes no more, are
     * dropped.
     */
    @Override
    public void write(ByteBuf bytes) {
        if (mute) {
            bytes.release();
            return;
        }
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return channel.alloc().ioBuffer(capacity);
    }

    @Override
    public boolean writable() {
        return mute || channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public boolean reused() {
        return uses > 1;
    }

    @Override
    public OriginEndpoint endpoint() {
        return pool.endpoint();
    }

    @Override
    public void blame() {
        pool.failed();
    }

    @Nullable
    SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    /**
     * Gives the connection back after a complete exchange; it is kept if the origin agrees. It returns to the pool when
     * what was read with the end of the response has been looked at, so that surplus bytes cost nobody's next request.
     */
    @Override
    public void release() {
        assert channel.eventLoop().inEventLoop();
        listener = null;
        if (reusable && usable()) {
            channel.config().setAutoRead(true);
            returning = true;
        } else {
            discard();
        }
    }

    @Override
    public void endOutput() {
        if (!mute) {
            channel.writeAndFlush(channel.alloc().buffer(0)).addListener(written -> OutputEnd.of(channel));
        }
    }

    @Override
    public void discard() {
        listener = null;
        channel.close();
    }

    /** The handshake is over: from here on the pool is told of the end. */
    void opened() {
        opened = true;
    }

    boolean usable() {
        return channel.isActive() && !gone && !mute;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    long idleSince() {
        return idleSince;
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ResponseListener current = listener;
        if (current == null) {
            // Something nobody asked for: a second response must never meet another client (CWE-444).
            ReferenceCountUtil.release(message);
            gone = true;
            returning = false;
            ctx.close();
            return;
        }
        if (message instanceof ByteBuf data) {
            current.responseData(data);
        } else if (message instanceof ResponseHead head) {
            touched = true;
            if (!head.interim()) {
                reusable = head.keepAlive();
                pool.answered(head.status());
            }
            current.responseHead(head);
        } else if (message instanceof MessageEnd end) {
            current.responseEnd(end);
        } else if (message instanceof BadMessage bad) {
            // The decoder complains only of an answer that has begun.
            lose(ctx, bad.reason(), bad.detail(), Loss.ANSWERED);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ResponseListener current = listener;
        if (current != null) {
            current.responseReadComplete();
        } else if (returning) {
            returning = false;
            if (usable() && decoder.withheld()) {
                pool.rest(this);
            } else if (usable()) {
                pool.giveBack(this);
            } else {
                channel.close();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ResponseListener current = listener;
        if (current != null) {
            current.requestWritabilityChanged(writable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose(
                ctx,
                FailureReason.ORIGIN_CLOSED,
                "connection closed by the origin",
                touched ? Loss.ANSWERED : Loss.UNANSWERED);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            // Nothing comes behind a close_notify; whoever waits for the end of the body learns of it.
            ctx.close();
        } else if (event instanceof ChannelOutputShutdownEvent) {
            // Under TLS a write that fails is told in no other way.
            silence();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ChannelOutputShutdownException) {
            silence();
        } else if (Disconnection.is(cause)) {
            lose(
                    ctx,
                    FailureReason.ORIGIN_CLOSED,
                    Disconnection.describe(cause),
                    touched ? Loss.ANSWERED : Loss.UNANSWERED);
        } else if (TlsFailure.is(cause)) {
            lose(
                    ctx,
                    FailureReason.ORIGIN_CLOSED,
                    "tls: " + TlsFailure.describe(cause),
                    touched ? Loss.ANSWERED : Loss.UNANSWERED);
        } else {
            LOG.error(
                    "connection to origin {} failed unexpectedly",
                    pool.endpoint().label(),
                    cause);
            lose(ctx, FailureReason.INTERNAL, cause.toString(), Loss.ANSWERED);
        }
    }

    /**
     * The origin takes no more. It may have answered before it stopped reading (RFC 9112 section 9.6), so that what becomes of
     * the exchange is left to what is read: that answer, or the end of the connection.
     */
    private void silence() {
        boolean known = mute;
        mute = true;
        ResponseListener current = listener;
        if (!known && current != null) {
            current.requestWritabilityChanged(true);
        }
    }

    private void lose(ChannelHandlerContext ctx, FailureReason reason, String detail, Loss loss) {
        gone = true;
        returning = false;
        ResponseListener current = listener;
        listener = null;
        ctx.close();
        if (current != null && reason.side() == Side.ORIGIN && !(loss == Loss.UNANSWERED && reused())) {
            // That a kept connection ends is nobody's fault.
            pool.failed();
        }
        if (opened) {
            // Before the listener hears of it, who may want another connection and must find this one's place.
            opened = false;
            pool.closed(this);
        }
        if (current != null) {
            current.upstreamFailed(reason, loss == Loss.UNANSWERED ? detail + port(ctx) : detail, loss);
        }
    }

    /** Which connection it was, for the records of the origin or of the network, which know it by this. */
    private static String port(ChannelHandlerContext ctx) {
        return ctx.channel().localAddress() instanceof InetSocketAddress local ? ", from port " + local.getPort() : "";
    }
}
