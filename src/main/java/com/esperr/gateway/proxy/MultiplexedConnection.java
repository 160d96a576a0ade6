package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.http2.FloodBudget;
import com.esperr.gateway.http2.FrameWatch;
import com.esperr.gateway.listen.Http2Config;
import com.esperr.gateway.transport.Disconnection;
import com.esperr.gateway.transport.Sweeper;
import com.esperr.gateway.transport.TlsFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's HTTP/2 connection and the last handler of its pipeline; confined to its event loop. Frames, HPACK and windows are
 * Netty's; here are the floods, the time limits and the end. Bytes that are read are handed on to the decoder, as much in one turn of
 * the loop as others can wait for, or released once the connection is ending.
 */
final class MultiplexedConnection extends Http2ConnectionHandler implements Sweeper.Sweepable {
    private static final Logger LOG = LoggerFactory.getLogger(MultiplexedConnection.class);

    /** Frames that are answered while the client reads no answers, before it is no longer read from either. */
    private static final int MOST_OWED = 256;

    private final Channel channel;
    private final LiveServices live;
    private final MultiplexedCounts counts;
    private final Http2Config config;
    private final Sweeper sweeper;
    private final FrameOutlet outlet;
    private final FloodBudget budget;
    private final FrameWatch watch;
    private final MultiplexedRequests requests;
    private final Portions portions = new Portions();
    private final GoodBye goodBye;
    private final Farewell farewell;
    private final Stall headStall = new Stall();
    private final Stall frameStall = new Stall();
    private final Stall idleStall = new Stall();
    private final Stall unread = new Stall();

    private Sweeper.@Nullable Entry sweep;
    private @Nullable ChannelHandlerContext context;
    private int owed;
    private boolean goesOn;
    private boolean closing;

    MultiplexedConnection(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            FrontendConnection front,
            Channel channel,
            LiveServices live,
            Http2Config config,
            MultiplexedCounts counts,
            Sweeper sweeper) {
        // Its own way to close would wait for the streams, and keep time for that.
        super(decoder, encoder, settings, true);
        this.channel = channel;
        this.live = live;
        ExchangeServices services = live.now();
        this.config = config;
        this.counts = counts;
        this.sweeper = sweeper;
        this.budget = new FloodBudget(config.floods(), services.clock().nanos());
        this.watch = new FrameWatch(budget);
        this.outlet = new FrameOutlet(channel, this, new Http2Heads(services.responses()), watch);
        this.requests = new MultiplexedRequests(this, front, live, counts);
        this.goodBye = new GoodBye(this, services);
        this.farewell = new Farewell(
                channel,
                outlet::unsentBytes,
                services.clock(),
                services.limits().idleTimeout().toNanos());
        decoder.frameListener(requests);
        encoder.flowController().listener(requests::writabilityChanged);
        connection().addListener(requests.endings());
    }

    // --- events of the pipeline

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        outlet.attach(ctx);
        super.handlerAdded(ctx);
        int more = config.connectionWindow() - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        if (more > 0) {
            decoder().flowController().incrementWindowSize(connection().connectionStream(), more);
        }
        ctx.flush();
        sweep = sweeper.register(this);
        counts.opened();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (closing || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        outlet.reading(true);
        Flood flood = watch.look(bytes, live.now().clock().nanos());
        if (flood != null) {
            bytes.release();
            flooded(flood);
            return;
        }
        ByteBuf first = portions.add(bytes, watch);
        if (!portions.isEmpty()) {
            goOnSoon(ctx);
        }
        if (first != null) {
            super.channelRead(ctx, first);
        }
    }

    /**
     * After everybody else: a task that is executed would come before what other connections have sent, a timer comes behind that.
     */
    private void goOnSoon(ChannelHandlerContext ctx) {
        if (!goesOn) {
            goesOn = true;
            applyReading();
            ctx.executor().schedule(() -> goOn(ctx), 1, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        goesOn = false;
        ByteBuf next = portions.poll();
        if (next == null) {
            return;
        }
        outlet.reading(true);
        try {
            super.channelRead(ctx, next);
        } catch (Exception failed) {
            exceptionCaught(ctx, failed);
        }
        channelReadComplete(ctx);
        if (portions.isEmpty()) {
            applyReading();
        } else {
            goOnSoon(ctx);
        }
    }

    private void applyReading() {
        boolean on = closing || (portions.isEmpty() && owed < MOST_OWED);
        if (on != channel.config().isAutoRead()) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Not the inherited way, which would ask for more even while nothing is to be read.
        discardSomeReadBytes();
        requests.readComplete();
        outlet.reading(false);
        flush(ctx);
        if (portions.isEmpty()) {
            watch.nextTurn();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        if (channel.isWritable() && owed > 0) {
            owed = 0;
            applyReading();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        closing = true;
        portions.drop();
        Sweeper.Entry entry = sweep;
        if (entry != null) {
            sweep = null;
            entry.close();
            counts.closed();
            live.now().connections().closed();
        }
        requests.abandon("connection closed by the client");
        super.channelInactive(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (closing) {
                farewell.inputClosed();
            } else {
                // Without its acknowledgements nothing can be sent for long.
                channel.close();
            }
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        super.onError(ctx, false, cause);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        if (Disconnection.is(cause) || TlsFailure.is(cause)) {
            LOG.debug("client connection: {}", cause.toString());
            abort(String.valueOf(cause.getMessage()));
            return;
        }
        if (known == null) {
            LOG.error("HTTP/2 connection failed unexpectedly", cause);
            end(Http2Error.INTERNAL_ERROR, "internal error");
            return;
        }
        LOG.debug("HTTP/2 connection: {}", known.getMessage());
        Flood flood = Http2Faults.flood(known);
        if (flood != null) {
            flooded(flood);
        } else {
            end(known.error(), String.valueOf(known.getMessage()));
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException known) {
        LOG.debug("HTTP/2 stream {}: {}", known.streamId(), known.getMessage());
        Flood kind = Http2Faults.of(known);
        if (!outbound && !budget.spend(kind, live.now().clock().nanos())) {
            flooded(kind);
            return;
        }
        super.onStreamError(ctx, outbound, cause, known);
    }

    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
        requests.tooLarge(stream);
    }

    // --- time

    @Override
    public void sweep(long now) {
        if (closing) {
            farewell.sweep(now);
            return;
        }
        ExchangeServices services = live.now();
        LimitsConfig limits = services.limits();
        boolean cut = services.connections().cut();
        requests.sweep(now, limits.idleTimeout().toNanos(), cut);
        if (!channel.config().isAutoRead()) {
            // What we do not read has not failed to come.
            headStall.reset();
            frameStall.reset();
        }
        if (cut) {
            end(Http2Error.NO_ERROR, "");
        } else if (watch.insideHead()
                && headStall.longerThan(limits.headerTimeout().toNanos(), watch.heads(), now)) {
            end(Http2Error.ENHANCE_YOUR_CALM, "head not complete within limits.header-timeout");
        } else if (watch.insideFrame()
                && frameStall.longerThan(limits.bodyTimeout().toNanos(), watch.bytes(), now)) {
            end(Http2Error.ENHANCE_YOUR_CALM, "no byte of a frame within limits.body-timeout");
        } else if (owed >= MOST_OWED && unread.longerThan(limits.idleTimeout().toNanos(), outlet.unsentBytes(), now)) {
            abort("answers not read within limits.idle-timeout");
        } else {
            rest(now, limits);
        }
    }

    private void rest(long now, LimitsConfig limits) {
        if (!watch.insideHead()) {
            headStall.reset();
        }
        if (!watch.insideFrame()) {
            frameStall.reset();
        }
        if (connection().numActiveStreams() > 0) {
            idleStall.reset();
        } else if (idleStall.longerThan(limits.idleTimeout().toNanos(), requests.begun(), now)) {
            end(Http2Error.NO_ERROR, "");
            return;
        }
        if (goodBye.over(requests.begun(), now)) {
            end(Http2Error.NO_ERROR, "");
        }
    }

    // --- endings

    private void flooded(Flood kind) {
        if (closing) {
            return;
        }
        counts.flooded(kind);
        LOG.debug("HTTP/2 connection: flood {}", kind.label());
        end(Http2Error.ENHANCE_YOUR_CALM, kind.label());
    }

    /** Tells the client why, and closes so that it can read that. */
    private void end(Http2Error error, String why) {
        ChannelHandlerContext ctx = context;
        if (closing || ctx == null) {
            return;
        }
        closing = true;
        portions.drop();
        flush(ctx);
        farewell(ctx, error, why);
        requests.abandon(why.isEmpty() ? "connection ended" : why);
        applyReading();
        farewell.linger();
    }

    /** Not by the inherited way, which closes at once behind an error, so that a client that still sends never reads it. */
    private void farewell(ChannelHandlerContext ctx, Http2Error error, String why) {
        int last = connection().remote().lastStreamCreated();
        ByteBuf words = ByteBufUtil.writeUtf8(ctx.alloc(), why);
        try {
            // Whatever else comes in the bytes that are decoded just now is ignored.
            connection().goAwaySent(last, error.code(), words);
        } catch (Http2Exception known) {
            LOG.debug("HTTP/2 connection: {}", known.getMessage());
        }
        frameWriter().writeGoAway(ctx, last, error.code(), words, ctx.newPromise());
        ctx.flush();
    }

    private void abort(String why) {
        closing = true;
        portions.drop();
        requests.abandon(why);
        channel.close();
    }

    /** The other end has acknowledged a ping. */
    void pinged() {
        goodBye.heard();
    }

    /** Says that the connection goes, and that streams up to {@code last} are answered. */
    void announce(int last, boolean ask) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            goAway(ctx, last, Http2Error.NO_ERROR.code(), ctx.alloc().buffer(0), ctx.newPromise());
            if (ask) {
                encoder().writePing(ctx, false, GoodBye.PING, ctx.newPromise());
            }
            ctx.flush();
        }
    }

    /** Something is to be answered, whether or not answers are read. */
    void owes() {
        if (!channel.isWritable()) {
            owed++;
            applyReading();
        }
    }

    /** What the streams write with. */
    FrameOutlet outlet() {
        return outlet;
    }
}
