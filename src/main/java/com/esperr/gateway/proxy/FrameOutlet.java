package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.FrameWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one HTTP/2 connection write with; confined to its event loop. What they all write within one turn of the loop
 * leaves in one flush. Takes every buffer it is given.
 */
final class FrameOutlet {
    private final Channel channel;
    private final Http2ConnectionHandler handler;
    private final Http2Heads heads;
    private final FrameWatch watch;
    private @Nullable ChannelHandlerContext context;
    private long givenInAll;
    private boolean inRead;
    private boolean flushScheduled;

    FrameOutlet(Channel channel, Http2ConnectionHandler handler, Http2Heads heads, FrameWatch watch) {
        this.channel = channel;
        this.handler = handler;
        this.heads = heads;
        this.watch = watch;
    }

    /** The handler is in its pipeline. */
    void attach(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Whether something is being read, at the end of which everything is flushed. */
    void reading(boolean on) {
        inRead = on;
    }

    /** How responses look. */
    Http2Heads heads() {
        return heads;
    }

    /** Sends a head, or trailers if it is the last. */
    void writeHead(int stream, Http2Headers head, boolean last) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            handler.encoder().writeHeaders(ctx, stream, head, 0, last, ctx.newPromise());
        }
    }

    /** Sends a piece; takes {@code data}. */
    void writeData(int stream, ByteBuf data, boolean last) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            data.release();
            return;
        }
        watch.sent(data.readableBytes());
        handler.encoder().writeData(ctx, stream, data, 0, last, ctx.newPromise());
    }

    /** Whether more of the response on {@code stream} should be written now. */
    boolean writable(int stream) {
        Http2Stream known = handler.connection().stream(stream);
        return known == null || handler.encoder().flowController().isWritable(known);
    }

    /** A number that changes while the client takes what is sent on {@code stream}. */
    long untaken(int stream) {
        Http2Stream known = handler.connection().stream(stream);
        Http2RemoteFlowController flow = handler.encoder().flowController();
        long window = known == null ? 0 : flow.windowSize(known);
        return channel.isWritable() ? window : window << 32 ^ unsentBytes();
    }

    /** What keeps a response back that is written. */
    enum Limit {
        /** Nothing, or the network. */
        NONE,
        /** The client has made no more room on this stream. */
        STREAM,
        /** It has made none on the whole connection. */
        CONNECTION
    }

    /** What of the client's keeps back what was written on {@code stream}. */
    Limit limit(int stream) {
        Http2Stream known = handler.connection().stream(stream);
        Http2RemoteFlowController flow = handler.encoder().flowController();
        if (known == null || !channel.isWritable() || !flow.hasFlowControlled(known)) {
            return Limit.NONE;
        }
        if (flow.windowSize(known) <= 0) {
            return Limit.STREAM;
        }
        return flow.windowSize(handler.connection().connectionStream()) <= 0 ? Limit.CONNECTION : Limit.NONE;
    }

    /** How much more was sent on {@code stream} than the client has made room for since it began. */
    long beyondGiven(int stream) {
        Http2Stream known = handler.connection().stream(stream);
        Http2RemoteFlowController flow = handler.encoder().flowController();
        return known == null ? 0 : (long) flow.initialWindowSize() - flow.windowSize(known);
    }

    /** How much was sent on all streams. */
    long sentInAll() {
        Http2Stream whole = handler.connection().connectionStream();
        int window = handler.encoder().flowController().windowSize(whole);
        return givenInAll + Http2CodecUtil.DEFAULT_WINDOW_SIZE - window;
    }

    /** The client has made room for so much more on all streams. */
    void roomGiven(int bytes) {
        givenInAll += bytes;
    }

    /** A number that falls while the client takes what is sent to it. */
    long unsentBytes() {
        return channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable();
    }

    /** So much of what came on {@code stream} was taken: the client may send as much again. */
    void consumed(int stream, int bytes) {
        Http2Stream known = handler.connection().stream(stream);
        ChannelHandlerContext ctx = context;
        if (known == null || bytes == 0 || ctx == null) {
            return;
        }
        try {
            if (handler.decoder().flowController().consumeBytes(known, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception failed) {
            handler.onError(ctx, true, failed);
        }
    }

    /** Ends {@code stream} before its end. */
    void reset(int stream, Http2Error error) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && handler.connection().stream(stream) != null) {
            handler.resetStream(ctx, stream, error.code(), ctx.newPromise());
            flushSoon();
        }
    }

    /** Sends what was written at the end of this turn of the loop. */
    void flushSoon() {
        if (!inRead && !flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(this::flushNow);
        }
    }

    /** Sends what was written. */
    void flushNow() {
        flushScheduled = false;
        ChannelHandlerContext ctx = context;
        if (ctx != null && channel.isActive()) {
            handler.flush(ctx);
        }
    }
}
