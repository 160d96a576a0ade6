package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http2.HeaderList;
import com.esperr.gateway.http2.RequestHeads;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import com.esperr.gateway.transport.Disconnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/3 connection and the exchange it is answered by, and the last handler of the stream's pipeline; confined to
 * the event loop of the connection. While the body is not wanted nothing is read, and so the client is given no room for more; what
 * has been read already is held. Owns what it holds.
 */
final class Http3Stream extends ChannelInboundHandlerAdapter implements ClientStream {
    private final Http3Connection connection;
    private final QuicStreamChannel channel;
    private final ExchangeServices services;
    private final RequestHeads heads;
    private final Http3Bounds bounds;
    private final Http3Output output;
    private final Stall headStall = new Stall();
    private final Leftovers leftovers = new Leftovers();
    private final LateHead undecided = new LateHead();
    private final RequestInput input;
    private final StillWaiting waiting;
    private @Nullable Exchange exchange;
    private boolean ended;
    private boolean done;
    private boolean closed;

    Http3Stream(Http3Connection connection, QuicStreamChannel channel, ExchangeServices services, Http2Heads heads) {
        this.connection = connection;
        this.channel = channel;
        this.services = services;
        this.heads = RequestHeads.ofHttp3(services.limits().decoder());
        this.bounds = new Http3Bounds(connection);
        this.input = new RequestInput(this, this::exchange, services.limits());
        this.output = new Http3Output(
                channel, heads, services.limits().minRate(), this::notWritten, this::writabilityChanged);
        this.waiting = new StillWaiting(channel, output, this::notWritten);
    }

    /** What looks at the stream's bytes before they are decoded. */
    ChannelHandler bounds() {
        return bounds;
    }

    // --- events of the pipeline

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Http3HeadersFrame frame) {
                section(frame.headers());
            } else if (message instanceof Http3DataFrame frame) {
                decide(false);
                data(frame.content());
            }
        } catch (RuntimeException | Error defect) {
            exchange().failInternally(defect);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void section(Http3Headers fields) {
        decide(false);
        if (exchange != null) {
            end(HeaderList.of(fields, fields.size()));
            return;
        }
        boolean whole = bounds.onlyOne();
        boolean last = whole && channel.isInputShutdown();
        if (!undecided.waits(fields) || !whole || last) {
            decide(last);
        }
    }

    /** Begins with a head of which it had to be seen whether anything follows. */
    private void decide(boolean last) {
        HeaderList list = undecided.take();
        if (list == null) {
            return;
        }
        RequestHead head = heads.head(list, last);
        if (head == null) {
            broken(heads.fault());
            return;
        }
        input.head(head, last);
        // Another field section is one of trailers from here on.
        exchange();
        applyReading();
        input.begin();
    }

    private void end(HeaderList list) {
        MessageEnd end = heads.end(list);
        if (end == null) {
            broken(heads.fault());
        } else {
            end(end);
        }
    }

    private void broken(BadMessage bad) {
        if (!done) {
            input.refuse(bad);
        }
    }

    private void data(ByteBuf data) {
        if (done) {
            leftovers.discard(data.readableBytes());
        } else {
            input.data(data, false);
        }
    }

    private void end(MessageEnd end) {
        if (!done && !ended) {
            ended = true;
            input.end(end);
            input.begin();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange under = exchange;
        if (!done && under != null) {
            under.requestReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            decide(true);
            if (exchange == null) {
                broken(new BadMessage(FailureReason.MALFORMED_HEAD, "stream: without a head (expected: one)"));
            }
            end(MessageEnd.PLAIN);
            ended = true;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        output.look();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone("stream closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean taken = cause instanceof QuicStreamResetException;
        if (taken || Disconnection.is(cause)) {
            if (taken && !(done && output.ended())) {
                connection.takenBack();
            }
            ended = true;
            gone(taken ? "stream reset by the client" : Disconnection.describe(cause));
            Http3Connection.reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else {
            // What Netty finds wrong it answers with an end of the stream (RFC 9114 section 4.1.2), or of the
            // connection.
            connection.faulty(cause);
            broken(new BadMessage(
                    input.bodyExpected() ? FailureReason.MALFORMED_BODY : FailureReason.MALFORMED_HEAD,
                    String.valueOf(cause.getMessage())));
        }
    }

    /** Nothing can be sent any more, mostly because the client wants no more (STOP_SENDING). */
    private void notWritten(Throwable cause) {
        if (closed) {
            return;
        }
        if (cause instanceof ChannelOutputShutdownException && !done) {
            connection.takenBack();
        }
        gone("response not wanted by the client");
        Http3Connection.reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
    }

    private void gone(String detail) {
        if (closed) {
            return;
        }
        closed = true;
        undecided.take();
        boolean answered = output.ended() && output.finished();
        output.gone();
        Exchange under = exchange;
        if (!done && !answered && under != null) {
            under.clientGone(detail);
        }
        input.release();
        connection.forget(this);
    }

    private void writabilityChanged() {
        Exchange under = exchange;
        if (!done && under != null) {
            try {
                under.responseWritabilityChanged(true);
            } catch (RuntimeException | Error defect) {
                under.failInternally(defect);
            }
        }
    }

    // --- time

    /** Looks at the time limits. */
    void sweep(long now, long patience, boolean cut) {
        decide(false);
        boolean slow = output.tooSlow(now);
        Exchange under = exchange;
        if (closed) {
            return;
        } else if (under == null) {
            if (headStall.longerThan(services.limits().headerTimeout().toNanos(), 0, now)) {
                broken(new BadMessage(FailureReason.REQUEST_TIMEOUT, "head not complete within limits.header-timeout"));
            }
        } else if (!done && cut) {
            under.cutOff();
        } else if (!done && slow) {
            under.clientGone("response taken slower than limits.min-rate");
        } else if (!done) {
            waiting.sweep(now);
            if (!input.overdue(now)) {
                under.sweep(now);
            }
        } else if (slow || output.stuck(patience, now)) {
            Http3Connection.reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else if (output.finished() && !ended && leftovers.enough(now)) {
            // What it still sends is nobody's, and it is told so (RFC 9114 section 4.1), but not at once.
            channel.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
            channel.close();
        }
    }

    // --- what the exchange asks

    private Exchange exchange() {
        Exchange known = exchange;
        if (known == null) {
            known = new Exchange(this, services);
            exchange = known;
        }
        return known;
    }

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public String peerText() {
        return connection.peer().address().toString();
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public @Nullable TlsSession tls() {
        return TlsFront.session(channel);
    }

    @Override
    public ResponseOutput output() {
        return output;
    }

    @Override
    public String fallbackReference() {
        return services.contexts().newReference();
    }

    @Override
    public boolean lastRequest() {
        // Told by other means, and not at the expense of this request.
        return false;
    }

    @Override
    public boolean discards(RequestHead request) {
        // A stream that is stopped behind its answer leaves the others in peace (RFC 9114 section 4.1).
        return false;
    }

    @Override
    public void resumeRequest() {
        input.resume();
        applyReading();
    }

    @Override
    public void tunnel() {
        throw new IllegalStateException("tunnel: asked for (expected: never, as no protocol is changed to)");
    }

    @Override
    public void reading(boolean on) {
        input.wanted(on);
        applyReading();
    }

    @Override
    public boolean reading() {
        return input.flows();
    }

    private void applyReading() {
        if (!closed) {
            channel.config().setAutoRead(done || !input.bodyExpected() || input.flows());
        }
    }

    @Override
    public void exchangeDone(boolean close, boolean requestComplete) {
        done = true;
        input.release();
        if (!closed && !output.ended()) {
            Http3Connection.reset(channel, Http3ErrorCode.H3_INTERNAL_ERROR);
        }
        applyReading();
    }

    @Override
    public void abort() {
        abort(false);
    }

    @Override
    public void abort(boolean byClient) {
        output.takeBack();
        if (!closed) {
            Http3Connection.reset(
                    channel, byClient ? Http3ErrorCode.H3_REQUEST_CANCELLED : Http3ErrorCode.H3_INTERNAL_ERROR);
        }
    }
}
