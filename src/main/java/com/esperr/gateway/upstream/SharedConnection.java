package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.transport.Disconnection;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection to an origin and the last handler of its pipeline; confined to its event loop. Each exchange has a stream of it.
 * Frames, HPACK and windows are Netty's. The window of the connection is always open, those of the streams only as their clients
 * take what comes, so that a slow client holds up nobody else.
 */
final class SharedConnection extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SharedConnection.class);

    /** Streams at once where the origin would take any number. */
    private static final int MOST_STREAMS = 1000;

    /** Numbers of streams are used once (RFC 9113 section 5.1.1). */
    private static final int MOST_USES = 1 << 29;

    private final StreamPool pool;
    private final Channel channel;
    private final SharedFrames frames;
    private final SignsOfLife life;
    private @Nullable ChannelHandlerContext context;
    private boolean ready;
    private boolean leaving;
    private boolean refusing;
    private boolean gone;
    private boolean inRead;
    private boolean flushScheduled;
    private int streams;
    private int uses;
    private FailureReason endReason = FailureReason.ORIGIN_CLOSED;
    private String endDetail = "connection closed by the origin";

    SharedConnection(
            StreamPool pool,
            Channel channel,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(decoder, encoder, settings, true);
        this.pool = pool;
        this.channel = channel;
        this.frames = new SharedFrames(this, pool.endpoint().config().limits());
        this.life = new SignsOfLife(pool.now());
        decoder.frameListener(frames);
        encoder.flowController().listener(frames::writabilityChanged);
        connection().addListener(frames.endings());
    }

    // --- events of the pipeline

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        if (channel.isActive()) {
            widen(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        widen(ctx);
    }

    private void widen(ChannelHandlerContext ctx) throws Http2Exception {
        decoder()
                .flowController()
                .incrementWindowSize(
                        connection().connectionStream(),
                        SharedPipeline.CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        ctx.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        inRead = true;
        life.heard(pool.now());
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        frames.readComplete();
        inRead = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        end();
        super.channelInactive(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        super.onError(ctx, false, cause);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        if (Disconnection.is(cause)) {
            endDetail = Disconnection.describe(cause);
        } else if (TlsFailure.is(cause)) {
            endDetail = "tls: " + TlsFailure.describe(cause);
        } else if (known == null) {
            LOG.error(
                    "connection to origin {} failed unexpectedly",
                    pool.endpoint().label(),
                    cause);
            endReason = FailureReason.INTERNAL;
            endDetail = cause.toString();
        } else {
            endReason = FailureReason.ORIGIN_MALFORMED;
            endDetail = String.valueOf(known.getMessage());
            goAway(ctx, 0, known.error().code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            ctx.flush();
        }
        ctx.close();
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException known) {
        frames.wrong(known.streamId(), String.valueOf(known.getMessage()));
        super.onStreamError(ctx, outbound, cause, known);
    }

    /** Before the streams are told, so that those who want another connection get another one. */
    private void end() {
        if (!gone) {
            gone = true;
            if (ready) {
                pool.closed(this);
            } else {
                pool.unready(
                        this, endReason == FailureReason.ORIGIN_MALFORMED ? "not HTTP/2: " + endDetail : endDetail);
            }
        }
    }

    // --- what the pool asks

    Channel channel() {
        return channel;
    }

    /** The origin has sent its settings. */
    void settled() {
        if (!ready && !gone) {
            ready = true;
            pool.ready(this);
        }
    }

    /** How many streams are leased. */
    int streams() {
        return streams;
    }

    /** Whether another stream can be opened. */
    boolean hasRoom() {
        int most = Math.min(MOST_STREAMS, connection().local().maxActiveStreams());
        return !gone
                && !leaving
                && !refusing
                && channel.isActive()
                && Math.max(streams, connection().local().numActiveStreams()) < most;
    }

    /** A stream that is the caller's. */
    RequestOutput lease() {
        streams++;
        uses++;
        leaving |= uses >= MOST_USES;
        return new UpstreamStream(this, pool.endpoint(), uses > 1);
    }

    /** No more streams; closed with the last. */
    void retire() {
        leaving = true;
        if (streams == 0) {
            close();
        }
    }

    /** Says good-bye, and closes. */
    void close() {
        ChannelHandlerContext ctx = context;
        leaving = true;
        if (ctx != null && !gone) {
            goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            ctx.flush();
            ctx.close();
        }
    }

    /** Looks at the time limits; unused, it is kept for {@code keep}. */
    void sweep(long now, long keep) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (streams == 0 && life.silence(now) >= keep) {
            close();
        } else if (life.missing(now)) {
            endDetail = "connection gave no sign of life";
            ctx.close();
        } else if (life.asks(now)) {
            encoder().writePing(ctx, false, SignsOfLife.PING, ctx.newPromise());
            ctx.flush();
        }
    }

    // --- what frames and streams tell

    /** The origin takes no more streams, or has refused one and may take others when one of its own ends. */
    void refuses(boolean forGood) {
        refusing = true;
        if (forGood) {
            retire();
        }
    }

    /** A stream is closed on both sides. */
    void roomMade() {
        refusing = leaving;
        pool.serve();
    }

    /** An answer with {@code status} has come. */
    void answered(int status) {
        refusing = leaving;
        pool.answered(status);
    }

    /** The origin is to blame; {@code silent} if it may not even be there. */
    void blame(boolean silent) {
        if (silent) {
            life.doubted();
        }
        pool.failed();
    }

    /** A stream is no longer leased. */
    void ended() {
        streams--;
        life.heard(pool.now());
        pool.ended(this);
        if (leaving && streams == 0) {
            close();
        }
    }

    /** Signs of life. */
    SignsOfLife life() {
        return life;
    }

    FailureReason endReason() {
        return endReason;
    }

    String endDetail() {
        return endDetail;
    }

    // --- what streams write

    boolean secure() {
        return pool.endpoint().target().secure();
    }

    ByteBuf buffer(int capacity) {
        return channel.alloc().ioBuffer(capacity);
    }

    /** Opens a stream for {@code owner}; its number, or zero if it could not be opened. */
    int open(UpstreamStream owner, Http2Headers head, boolean last) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || gone) {
            return 0;
        }
        int id = connection().local().incrementAndGetNextStreamId();
        encoder().writeHeaders(ctx, id, head, 0, last, ctx.newPromise());
        Http2Stream stream = connection().stream(id);
        if (stream == null) {
            return 0;
        }
        frames.own(stream, owner);
        return id;
    }

    void writeTrailers(int id, Http2Headers trailers) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            encoder().writeHeaders(ctx, id, trailers, 0, true, ctx.newPromise());
        }
    }

    /** Sends a piece; takes {@code data}. */
    void writeData(int id, ByteBuf data, boolean last) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            data.release();
        } else {
            encoder().writeData(ctx, id, data, 0, last, ctx.newPromise());
        }
    }

    /** Stream {@code id}, or null; zero, which is the connection, is none. */
    private @Nullable Http2Stream opened(int id) {
        return id == 0 ? null : connection().stream(id);
    }

    boolean writable(int id) {
        Http2Stream stream = opened(id);
        return stream == null || encoder().flowController().isWritable(stream);
    }

    /** So much was taken of what came on stream {@code id}. */
    void consumed(int id, int bytes) {
        Http2Stream stream = opened(id);
        ChannelHandlerContext ctx = context;
        if (stream == null || ctx == null || bytes == 0) {
            return;
        }
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception failed) {
            onError(ctx, true, failed);
        }
    }

    /** Ends stream {@code id}, if it is open. */
    void reset(int id, Http2Error error) {
        ChannelHandlerContext ctx = context;
        if (ctx != null && opened(id) != null) {
            resetStream(ctx, id, error.code(), ctx.newPromise());
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
            flush(ctx);
        }
    }
}
