package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * Turns the bytes of a client connection into {@code RequestHead}, {@code ByteBuf} slices of the body, never empty, which
 * the receiver owns, and {@code MessageEnd}; or {@link BadMessage} once, after which everything is discarded. Confined to
 * the event loop of its channel.
 *
 * <p>It goes by demand: behind a head it holds everything until {@link #resume}, so the body waits for the decision, and
 * behind an end it holds until {@link #resume}, so the next pipelined request waits for the end of the exchange. Automatic
 * reading is on, and turned off here when bytes wait that may not be decoded yet; the owner turns it on again when it resumes,
 * and off while it has no room. While it is off the decoder asks for more itself, inside a head and when a read brought
 * nothing but chunk framing.
 *
 * <p>With turns, many small things that come at once are decoded in several turns of the event loop, between which others are
 * served; the owner then turns reading on again behind each.
 */
public final class RequestDecoder extends MessageDecoder {
    private enum State {
        HEAD,
        HEAD_HELD,
        BODY,
        END_HELD
    }

    /** What is decoded in one turn: so many pieces of bodies, or a sixteenth of that in heads, which make more work. */
    private static final int TURN = 256;

    private static final int HEAD = 16;

    private final RequestLineScanner line;
    private final HeadScanner heads;
    private final RequestFraming framing;
    private final boolean turns;
    private State state = State.HEAD;
    private int done;
    private boolean pausing;
    private boolean reading;

    /** A decoder at the start of a connection, which decodes everything as it comes. */
    public RequestDecoder(DecoderLimits limits) {
        this(limits, false);
    }

    /** A decoder at the start of a connection, which leaves time for others. */
    public static RequestDecoder inTurns(DecoderLimits limits) {
        return new RequestDecoder(limits, true);
    }

    private RequestDecoder(DecoderLimits limits, boolean turns) {
        super(limits, false);
        this.turns = turns;
        line = new RequestLineScanner(limits.startLine());
        heads = new HeadScanner(limits, line, RequestLineScanner.BLANK_BYTES, FailureReason.MALFORMED_HEAD);
        framing = new RequestFraming(limits.body());
        beginHead();
    }

    /** Goes on behind the head or the end that was fired last; what waits is decoded and fired before this returns. */
    public void resume() {
        ChannelHandlerContext ctx = context();
        if (ctx == null) {
            return;
        }
        assert ctx.executor().inEventLoop();
        switch (state) {
            case HEAD_HELD -> state = State.BODY;
            case END_HELD -> beginHead();
            case HEAD, BODY -> {
                return;
            }
        }
        loop();
        if (insideHead() && !discarding()) {
            ctx.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        try {
            super.channelRead(ctx, message);
        } finally {
            reading = false;
        }
        if (waits()) {
            // At once, not after the read loop: it would take a megabyte for each of a thousand connections that wait.
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!pausing) {
            done = 0;
        }
        super.channelReadComplete(ctx);
    }

    /** Whether bytes wait for {@link #resume}, or for the next turn. */
    public boolean waits() {
        return (pausing || holding()) && hasPending();
    }

    /** Whether bytes of a body wait that are fired as soon as the receiver of what is fired now returns, and the end of the read behind them. */
    public boolean delivering() {
        return reading && state == State.BODY && hasPending();
    }

    /** What comes behind the head that was fired last is another protocol's: it is fired as it comes, without an end. */
    public void tunnel() {
        if (state != State.HEAD_HELD && state != State.END_HELD) {
            throw new IllegalStateException("tunnel: a request is under way (expected: none)");
        }
        state = State.BODY;
        beginBody(BodyLength.UNTIL_CLOSE);
        loop();
    }

    /** Ends decoding for good: what waits, and everything that still comes, is freed unread. */
    public void stop() {
        discard();
    }

    /** Nothing comes for a while: what was kept to know the next head again is let go. */
    public void idle() {
        heads.forget();
    }

    /** Whether a part of a head came and the head is not complete. */
    public boolean headStarted() {
        return state == State.HEAD && line.started();
    }

    /** Whether everything waits for {@link #resume}. */
    public boolean holding() {
        return state == State.HEAD_HELD || state == State.END_HELD;
    }

    @Override
    boolean step() {
        // An end for which no byte is missing is not put off: a client that sends no more would seem to have left
        // before it.
        if (turns && done >= TURN && !holding() && hasPending()) {
            pause();
            return false;
        }
        return switch (state) {
            case HEAD -> stepHead();
            case BODY -> {
                done++;
                yield stepBody();
            }
            case HEAD_HELD, END_HELD -> false;
        };
    }

    @Override
    void bodyEnded(MessageEnd end) {
        state = State.END_HELD;
        fire(end);
    }

    @Override
    BadMessage named(BadMessage fault) {
        return fault;
    }

    @Override
    boolean insideHead() {
        return state == State.HEAD && heads.begun();
    }

    @Override
    boolean bodyBegun() {
        return state == State.BODY;
    }

    /** Goes on behind what other connections have sent, which a timer comes after and a task would come before. */
    private void pause() {
        ChannelHandlerContext ctx = context();
        if (!pausing && ctx != null) {
            pausing = true;
            ctx.executor().schedule(() -> goOn(ctx), 1, TimeUnit.NANOSECONDS);
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        pausing = false;
        done = 0;
        if (!discarding()) {
            loop();
            channelReadComplete(ctx);
        }
    }

    private void beginHead() {
        state = State.HEAD;
        heads.begin();
    }

    private boolean stepHead() {
        ByteBuf in = pending();
        if (in == null) {
            return false;
        }
        switch (heads.scan(in)) {
            case MORE -> {}
            case BAD -> fail(heads.fault());
            case DONE -> headDone();
        }
        return true;
    }

    private void headDone() {
        byte[] block = heads.block();
        RequestHead head =
                framing.head(line.method(block), line.target(block), line.minorVersion(block), heads.fields());
        heads.begin();
        if (head == null) {
            fail(framing.fault());
            return;
        }
        state = State.HEAD_HELD;
        done += HEAD;
        beginBody(head.bodyLength());
        fire(head);
    }
}
