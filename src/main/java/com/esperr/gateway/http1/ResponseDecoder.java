package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/**
 * Turns the bytes of a connection to an origin into {@code ResponseHead}, interim ones first, each followed by nothing,
 * {@code ByteBuf} slices of the body, never empty, which the receiver owns, and {@code MessageEnd}; or {@link BadMessage}
 * once, after which everything is discarded. Confined to the event loop of its channel.
 *
 * <p>Each response must be announced by {@link #expect}. Bytes that nobody expects are never kept for the next request: they
 * fail the connection, so that a second response cannot reach another client. Bytes that come behind a response in the
 * same read count as its surplus even if the next request was announced by then; a pool therefore takes a connection back
 * on {@code channelReadComplete}, or at least not while {@link #hasPending}.
 *
 * <p>Automatic reading is on, and turned off by the owner while it has no room. Then the decoder asks for more itself, inside a
 * head and when a read brought nothing but chunk framing.
 */
public final class ResponseDecoder extends MessageDecoder {
    private static final int MAX_INTERIM = 16;

    private enum State {
        IDLE,
        HEAD,
        BODY
    }

    private final StatusLineScanner line;
    private final HeadScanner heads;
    private final ResponseFraming framing = new ResponseFraming();
    private State state = State.IDLE;
    private boolean expectsHead;
    private boolean maySwitch;
    private boolean endedInThisRead;
    private boolean withheld;
    private int interim;

    /** A decoder at the start of a connection. */
    public ResponseDecoder(DecoderLimits limits) {
        super(limits, true);
        line = new StatusLineScanner(limits.startLine());
        heads = new HeadScanner(limits, line, 0, FailureReason.ORIGIN_MALFORMED);
    }

    /**
     * Announces that a request with {@code requestMethod} was written, so exactly one final response may come.
     *
     * @throws IllegalStateException if the response to the request before is not complete
     */
    public void expect(String requestMethod) {
        expect(requestMethod, false);
    }

    /**
     * Like {@link #expect(String)}; with {@code maySwitch} the response may also change the protocol, and then its body is
     * everything that comes until the connection is closed.
     *
     * @throws IllegalStateException if the response to the request before is not complete
     */
    public void expect(String requestMethod, boolean maySwitch) {
        if (state != State.IDLE) {
            throw new IllegalStateException("expect: a response is under way (expected: none)");
        }
        expectsHead = "HEAD".equals(requestMethod);
        this.maySwitch = maySwitch;
        interim = 0;
        beginHead();
    }

    /** Whether a byte of the announced response came. */
    public boolean headStarted() {
        return state == State.BODY || (state == State.HEAD && (interim > 0 || heads.begun()));
    }

    /**
     * Whether the last final head tells of a body that must not come, as in the answer to a HEAD. There are servers that send it all the
     * same, in a moment: it could be read as the answer to what is asked next.
     */
    public boolean withheld() {
        return withheld;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (endedInThisRead && !discarding() && message instanceof ByteBuf surplus && surplus.isReadable()) {
            surplus.release();
            failSurplus();
        } else {
            super.channelRead(ctx, message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endedInThisRead = false;
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inputEnded(true);
        super.channelInactive(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded(true);
        } else if (event instanceof SslCloseCompletionEvent close && !close.isSuccess()) {
            // Without close_notify anybody on the path could have cut the body short.
            inputEnded(false);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof ChannelOutputShutdownException)) {
            // That one is about what we send, and says nothing about what there is to read.
            inputEnded(false);
        }
        ctx.fireExceptionCaught(cause);
    }

    @Override
    boolean step() {
        return switch (state) {
            case IDLE -> {
                if (hasPending()) {
                    failSurplus();
                }
                yield false;
            }
            case HEAD -> stepHead();
            case BODY -> stepBody();
        };
    }

    @Override
    void bodyEnded(MessageEnd end) {
        state = State.IDLE;
        endedInThisRead = true;
        boolean surplus = hasPending();
        fire(end);
        if (surplus && !discarding()) {
            failSurplus();
        }
    }

    @Override
    BadMessage named(BadMessage fault) {
        return fault.reason() == FailureReason.ORIGIN_CLOSED
                ? fault
                : new BadMessage(FailureReason.ORIGIN_MALFORMED, fault.detail());
    }

    @Override
    boolean insideHead() {
        return state == State.HEAD && headStarted();
    }

    @Override
    boolean bodyBegun() {
        return state == State.BODY;
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
        ResponseHead head = framing.head(
                line.status(block),
                line.reason(block),
                line.minorVersion(block),
                heads.fields(),
                expectsHead,
                maySwitch);
        heads.begin();
        if (head == null) {
            fail(framing.fault());
        } else if (!head.interim()) {
            state = State.BODY;
            withheld = framing.withheld();
            beginBody(head.bodyLength());
            fire(head);
        } else if (interim == MAX_INTERIM) {
            fail(new BadMessage(FailureReason.ORIGIN_MALFORMED, "interim responses: more than 16 (expected: few)"));
        } else {
            interim++;
            fire(head);
        }
    }

    private void failSurplus() {
        fail(new BadMessage(
                FailureReason.ORIGIN_MALFORMED, "response: bytes that no request asked for (expected: none)"));
    }

    private void inputEnded(boolean orderly) {
        if (discarding() || !headStarted()) {
            // Before the first byte nothing is broken: whoever wrote the request may repeat it elsewhere.
            return;
        }
        if (orderly && state == State.BODY && bodyUntilClose()) {
            discard();
            state = State.IDLE;
            fire(MessageEnd.PLAIN);
        } else {
            fail(new BadMessage(FailureReason.ORIGIN_CLOSED, "connection: closed inside a response"));
        }
    }
}
