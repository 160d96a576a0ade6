package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.http2.HeaderList;
import com.esperr.gateway.http2.RequestHeads;
import com.esperr.gateway.http3.FrameBounds;
import com.esperr.gateway.listen.TlsFront;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import com.esperr.gateway.transport.Disconnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/3 connection and the exchange it is answered by, and the last handler of the stream's pipeline; confined to
 * the event loop of the connection. While the body is not wanted nothing is read, and so the client is given no room for more; what
 * has been read already is held. Owns what it holds.
 */
final class Http3Stream extends ChannelInboundHandlerAdapter implements ClientStream {
    /** How long a client may go on sending a request that is answered. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    /** How often a client that waits is sent something, to learn whether it still does. */
    private static final long ASKING_NANOS = 1_000_000_000L;

    private static final long FIRST_NANOS = 200_000_000L;

    /** A frame that means nothing (RFC 9114 section 7.2.8). */
    private static final long NOTHING = 0x40;

    /** Methods of requests that usually have no body, of which the end tells so. */
    private static final Set<String> BODYLESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "TRACE");

    private final Http3Connection connection;
    private final QuicStreamChannel channel;
    private final ExchangeServices services;
    private final RequestHeads heads;
    private final FrameBounds bounds;
    private final BodyCount count;
    private final Http3Output output;
    private final Pace pace;
    private final Stall headStall = new Stall();
    private final Stall untaken = new Stall();
    private final Stall lingering = new Stall();
    private final Stall asking = new Stall();
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable Exchange exchange;
    private @Nullable HeaderList undecided;
    private @Nullable MessageEnd heldEnd;
    private long discarded;
    private long asked;
    private long heard;
    private boolean bodyExpected;
    private boolean resumed;
    private boolean wanted = true;
    private boolean ended;
    private boolean done;
    private boolean closed;

    Http3Stream(Http3Connection connection, QuicStreamChannel channel, ExchangeServices services, Http2Heads heads) {
        this.connection = connection;
        this.channel = channel;
        this.services = services;
        this.heads = RequestHeads.ofHttp3(services.limits().decoder());
        this.bounds = new FrameBounds(connection);
        this.count = new BodyCount(services.limits().decoder().body());
        this.pace = new Pace(services.limits().minRate());
        this.output = new Http3Output(channel, heads, this::notWritten, this::writabilityChanged);
    }

    /** What looks at the stream's bytes before they are decoded. */
    ChannelHandler bounds() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof ByteBuf bytes) {
                    bounds.look(bytes);
                }
                ctx.fireChannelRead(message);
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (bounds.inside()) {
                    // RFC 9114 section 7.1; and half of a body must not pass for the whole.
                    connection.end(Http3ErrorCode.H3_FRAME_ERROR, "stream ended inside a frame");
                } else {
                    ctx.fireUserEventTriggered(event);
                }
            }
        };
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
        HeaderList list = HeaderList.of(fields, fields.size());
        decide(false);
        if (exchange != null) {
            end(list);
            return;
        }
        undecided = list;
        boolean last = channel.isInputShutdown() && bounds.onlyOne();
        boolean mayBe = BODYLESS.contains(String.valueOf(fields.method()))
                && !fields.contains("content-length")
                && bounds.onlyOne();
        if (last || !mayBe) {
            decide(last);
        }
    }

    /** Begins with a head of which it had to be seen whether anything follows. */
    private void decide(boolean last) {
        HeaderList list = undecided;
        if (list == null) {
            return;
        }
        undecided = null;
        RequestHead head = heads.head(list, last);
        if (head == null) {
            broken(heads.fault());
            return;
        }
        count.declared(head.bodyLength());
        bodyExpected = head.hasBody();
        applyReading();
        exchange().begin(head);
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
            exchange().broken(bad);
        }
    }

    private void data(ByteBuf data) {
        int length = data.readableBytes();
        if (done) {
            discarded += length;
            return;
        }
        BadMessage wrong = count.took(length);
        if (wrong != null) {
            broken(wrong);
        } else if (length > 0 && resumed && held.isEmpty()) {
            exchange().requestData(data.retain());
        } else if (length > 0) {
            held.add(data.retain());
        }
    }

    private void end(MessageEnd end) {
        if (done || ended) {
            return;
        }
        ended = true;
        BadMessage wrong = count.ended();
        if (wrong != null) {
            broken(wrong);
        } else if (bodyExpected && resumed && held.isEmpty()) {
            exchange().requestEnd(end);
        } else if (bodyExpected) {
            heldEnd = end;
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
        if (cause instanceof QuicStreamResetException reset) {
            if (!done || !output.ended()) {
                connection.takenBack();
            }
            ended = true;
            gone("stream reset by the client, error " + reset.applicationProtocolCode());
            reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else if (Disconnection.is(cause)) {
            gone(Disconnection.describe(cause));
            reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else {
            // What Netty finds wrong it answers with an end of the stream (RFC 9114 section 4.1.2), or of the
            // connection.
            connection.faulty(cause);
            broken(new BadMessage(
                    bodyExpected ? FailureReason.MALFORMED_BODY : FailureReason.MALFORMED_HEAD,
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
        reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
    }

    private void gone(String detail) {
        if (closed) {
            return;
        }
        closed = true;
        undecided = null;
        boolean answered = output.ended() && output.finished();
        output.gone();
        Exchange under = exchange;
        if (!done && !answered && under != null) {
            under.clientGone(detail);
        }
        release();
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

    /** Ends {@code stream} before its end, both ways. */
    static void reset(QuicStreamChannel stream, Http3ErrorCode error) {
        stream.shutdownOutput(error.code());
        if (!stream.isInputShutdown()) {
            stream.shutdownInput(error.code());
        }
        stream.close();
    }

    // --- time

    /** Looks at the time limits. */
    void sweep(long now, long patience, boolean cut) {
        decide(false);
        boolean slow = false;
        if (output.waiting()) {
            slow = pace.tooSlow(output.taken(), now);
        } else {
            pace.pause();
        }
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
            ask(now);
            under.sweep(now);
        } else if (slow || (output.waiting() && untaken.longerThan(patience, output.unsentBytes(), now))) {
            reset(channel, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else if (output.finished() && !ended) {
            linger(now);
        }
    }

    /**
     * QUIC says nothing of a client that wants no answer any more until it is sent some. If it has sent all of its request before, even
     * that is not refused but kept, as for a client without room; only that there was room tells one from the other.
     */
    private void ask(long now) {
        if (asked > heard) {
            if (!channel.isWritable() && channel.bytesBeforeUnwritable() > 0) {
                notWritten(new ChannelOutputShutdownException("response not wanted by the client"));
            }
        } else if (output.writable() && asking.longerThan(asked == 0 ? FIRST_NANOS : ASKING_NANOS, turn(), now)) {
            asked++;
            channel.write(new DefaultHttp3UnknownFrame(NOTHING, Unpooled.EMPTY_BUFFER))
                    .addListener(sent -> {
                        heard++;
                        if (!sent.isSuccess()) {
                            notWritten(sent.cause());
                        }
                    });
        }
    }

    private long turn() {
        return output.taken() + asked;
    }

    /** What the client still sends is nobody's, and it is told so (RFC 9114 section 4.1), but not at once. */
    private void linger(long now) {
        boolean patient = discarded <= Discard.AT_MOST && !lingering.longerThan(LINGER_NANOS, 0, now);
        if (!patient) {
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
        resumed = true;
        wanted = true;
        for (ByteBuf piece = held.poll(); piece != null; piece = held.poll()) {
            if (done) {
                piece.release();
            } else {
                exchange().requestData(piece);
            }
        }
        MessageEnd end = heldEnd;
        heldEnd = null;
        if (end != null && !done) {
            exchange().requestEnd(end);
        }
        applyReading();
    }

    @Override
    public void tunnel() {
        throw new IllegalStateException("tunnel: asked for (expected: never, as no protocol is changed to)");
    }

    @Override
    public void reading(boolean on) {
        wanted = on;
        applyReading();
    }

    @Override
    public boolean reading() {
        return wanted && resumed;
    }

    private void applyReading() {
        if (!closed) {
            channel.config().setAutoRead(done || !bodyExpected || (wanted && resumed));
        }
    }

    @Override
    public void exchangeDone(boolean close, boolean requestComplete) {
        done = true;
        release();
        if (!closed && !output.ended()) {
            reset(channel, Http3ErrorCode.H3_INTERNAL_ERROR);
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
            reset(channel, byClient ? Http3ErrorCode.H3_REQUEST_CANCELLED : Http3ErrorCode.H3_INTERNAL_ERROR);
        }
    }

    private void release() {
        for (ByteBuf piece = held.poll(); piece != null; piece = held.poll()) {
            piece.release();
        }
        heldEnd = null;
    }
}
