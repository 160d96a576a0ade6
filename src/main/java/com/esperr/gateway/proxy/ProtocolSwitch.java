package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http1.BadMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which version of HTTP a client speaks, and leaves the pipeline: under TLS by what was agreed on (ALPN), else by the first
 * bytes, as a client that begins with HTTP/2 says what no request begins with (RFC 9113 section 3.4). Confined to the event loop of
 * its connection. Holds at most the first two bytes.
 */
final class ProtocolSwitch extends ChannelInboundHandlerAdapter {
    private static final byte[] BEGINNING = {'P', 'R', 'I'};

    private final boolean tls;
    private final Duration patience;
    private final Runnable toHttp2;
    private @Nullable ByteBuf held;
    private @Nullable Future<?> deadline;

    /** Calls {@code toHttp2}, which replaces the handlers of HTTP/1, if the client wants that; waits so long once it says something. */
    ProtocolSwitch(boolean tls, Duration patience, Runnable toHttp2) {
        this.tls = tls;
        this.patience = patience;
        this.toHttp2 = toHttp2;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // First, because those behind it count handshakes.
        ctx.fireUserEventTriggered(event);
        if (tls && event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (handler != null && ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
                toHttp2.run();
            }
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (tls || !(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf before = held;
        held = null;
        ByteBuf first =
                before == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
        int known = Math.min(BEGINNING.length, first.readableBytes());
        boolean begins = true;
        for (int i = 0; i < known; i++) {
            begins &= first.getByte(first.readerIndex() + i) == BEGINNING[i];
        }
        if (begins && known < BEGINNING.length) {
            held = first;
            if (deadline == null) {
                // Only this knows that anything came.
                deadline = ctx.executor().schedule(() -> tooLate(ctx), patience.toNanos(), TimeUnit.NANOSECONDS);
            }
            return;
        }
        if (begins) {
            toHttp2.run();
        }
        ctx.fireChannelRead(first);
        ctx.pipeline().remove(this);
    }

    private void tooLate(ChannelHandlerContext ctx) {
        if (held != null) {
            ctx.fireChannelRead(
                    new BadMessage(FailureReason.REQUEST_TIMEOUT, "head not complete within limits.header-timeout"));
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        Future<?> pending = deadline;
        if (pending != null) {
            pending.cancel(false);
        }
        ByteBuf rest = held;
        held = null;
        if (rest != null) {
            rest.release();
        }
    }
}
