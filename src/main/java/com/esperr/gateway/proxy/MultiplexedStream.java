package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 connection and the exchange it is answered by; confined to the event loop of the connection. What of the
 * body comes before it is wanted is held, and the client is given room for more only as the origin takes what it has sent, so that
 * a stream never holds more than its window. Owns what it holds.
 */
final class MultiplexedStream implements ClientStream {
    /** How long a client may go on sending a request that is answered. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    private final FrameOutlet outlet;
    private final FrontendConnection front;
    private final int id;
    private final long mostBody;
    private final MultiplexedOutput output;
    private final Exchange exchange;
    private final Uptake uptake;
    private final Stall untaken = new Stall();
    private final Stall lingering = new Stall();
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable RequestHead waiting;
    private @Nullable MessageEnd heldEnd;
    private long declared = BodyLength.CHUNKED;
    private long received;
    private long discarded;
    private int unconsumed;
    private boolean bodyExpected;
    private boolean handshake;
    private boolean resumed;
    private boolean wanted = true;
    private boolean inputEnded;
    private boolean done;
    private boolean sentAll;
    private boolean closed;

    MultiplexedStream(FrameOutlet outlet, FrontendConnection front, int id, ExchangeServices services) {
        this.outlet = outlet;
        this.front = front;
        this.id = id;
        this.mostBody = services.limits().decoder().body();
        this.output = new MultiplexedOutput(outlet, id);
        this.uptake = new Uptake(outlet, id, services.limits().minRate());
        this.exchange = new Exchange(this, services);
    }

    // --- what the connection tells

    /** The head is here, and with it the end if {@code last}; nothing is done about it until {@link #begin}. */
    void head(RequestHead head, boolean last) {
        waiting = head;
        inputEnded = last;
        // The field itself is forbidden here: it stands for a pseudo-header (RFC 8441).
        handshake = head.fields().contains(FieldName.UPGRADE);
        declared = handshake ? BodyLength.CHUNKED : head.bodyLength();
        bodyExpected = head.hasBody();
    }

    /** Does what the head asks for, if that is still wanted. */
    void begin() {
        RequestHead head = waiting;
        waiting = null;
        if (head != null && !done) {
            exchange.begin(head);
        }
    }

    /** The request cannot be understood. */
    void broken(BadMessage bad, boolean last) {
        inputEnded |= last;
        refuse(bad);
    }

    private void refuse(BadMessage bad) {
        // So that it is known what was asked for.
        begin();
        if (!done) {
            exchange.broken(bad);
        }
    }

    /**
     * A piece of the body, which stays the caller's.
     *
     * @param flow what it takes of the window, padding included
     * @return how much of that may be given back at once
     */
    int data(ByteBuf data, int flow) {
        int length = data.readableBytes();
        received += length;
        if (done) {
            discarded += length;
            return flow;
        }
        if (declared >= 0 && received > declared) {
            refuse(new BadMessage(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "body: longer than its content-length (expected: " + declared + ")"));
            return flow;
        }
        if (received > mostBody && !handshake) {
            refuse(new BadMessage(
                    FailureReason.BODY_TOO_LARGE, "body: more than " + mostBody + " bytes (expected: fewer)"));
            return flow;
        }
        if (length > 0) {
            take(data.retain());
        }
        if (done || (wanted && resumed)) {
            return flow;
        }
        unconsumed += flow;
        return 0;
    }

    private void take(ByteBuf data) {
        if (resumed && held.isEmpty()) {
            exchange.requestData(data);
        } else {
            held.add(data);
        }
    }

    /** The request is complete. */
    void end(MessageEnd end) {
        inputEnded = true;
        if (done) {
            return;
        }
        if (handshake) {
            endTunnel();
        } else if (declared > received) {
            refuse(new BadMessage(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "body: " + received + " bytes, shorter than its content-length (expected: " + declared + ")"));
        } else if (!bodyExpected) {
            // The exchange knew that from the head.
            return;
        } else if (resumed && held.isEmpty()) {
            exchange.requestEnd(end);
        } else {
            heldEnd = end;
        }
    }

    /** The client sends no more, which is no end of what it is sent; before the protocol is changed it waits for that. */
    private void endTunnel() {
        if (resumed && inputEnded && !done) {
            exchange.inputClosed(false);
        }
    }

    /** What was read from the client in one go has been delivered. */
    void readComplete() {
        if (!done) {
            exchange.requestReadComplete();
        }
    }

    /** The client has taken so much of the response, and says that there is room again. */
    void roomGiven(int bytes) {
        output.roomGiven(bytes);
    }

    /** There is room for more of the response, or no longer. */
    void writabilityChanged() {
        if (!done) {
            exchange.responseWritabilityChanged(output.writable());
        }
    }

    /** The stream is closed, whoever did it. */
    void gone(String detail) {
        closed = true;
        output.gone();
        if (!done && !output.ended()) {
            exchange.clientGone(detail);
        }
        release();
    }

    /** A defect of ours got in the way. */
    void failInternally(Throwable defect) {
        waiting = null;
        exchange.failInternally(defect);
    }

    /** Looks at the time limits. */
    void sweep(long now, long patience, boolean cut) {
        // Whoever talks both ways may let the other wait.
        boolean slow = !handshake && uptake.tooSlow(output.given(), now);
        if (!done && cut) {
            exchange.cutOff();
        } else if (!done && slow) {
            exchange.clientGone("response taken slower than limits.min-rate");
        } else if (!done) {
            exchange.sweep(now);
        } else if (sentAll && !inputEnded && !closed) {
            linger(now);
        } else if (!closed && slow) {
            outlet.reset(id, Http2Error.CANCEL);
        } else if (!closed && untaken.longerThan(patience, output.unsentBytes(), now)) {
            outlet.reset(id, Http2Error.CANCEL);
        }
    }

    /** The last frame of the response is written. */
    void answered() {
        sentAll = true;
    }

    /**
     * What the client still sends is nobody's, and it is told so (RFC 9113 section 8.1), but not at once: there are clients that lose
     * an answer whose stream is reset.
     */
    private void linger(long now) {
        boolean patient = discarded <= Discard.AT_MOST && !lingering.longerThan(LINGER_NANOS, 0, now);
        if (!patient) {
            outlet.reset(id, Http2Error.NO_ERROR);
        }
    }

    // --- what the exchange asks

    @Override
    public Peer peer() {
        return front.peer();
    }

    @Override
    public String peerText() {
        return front.peerText();
    }

    @Override
    public String scheme() {
        return front.scheme();
    }

    @Override
    public @Nullable TlsSession tls() {
        return front.tls();
    }

    @Override
    public ResponseOutput output() {
        return output;
    }

    @Override
    public String fallbackReference() {
        return front.fallbackReference();
    }

    @Override
    public boolean lastRequest() {
        // Told by other means, and not at the expense of this request.
        return false;
    }

    @Override
    public boolean discards(RequestHead request) {
        // A stream that is reset behind its answer leaves the others in peace (RFC 9113 section 8.1).
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
                exchange.requestData(piece);
            }
        }
        MessageEnd end = heldEnd;
        heldEnd = null;
        if (end != null && !done) {
            exchange.requestEnd(end);
        }
        giveRoom();
    }

    @Override
    public void tunnel() {
        bodyExpected = true;
        declared = BodyLength.CHUNKED;
        resumeRequest();
        endTunnel();
    }

    @Override
    public void reading(boolean on) {
        wanted = on;
        giveRoom();
    }

    @Override
    public boolean reading() {
        return wanted && resumed;
    }

    @Override
    public void exchangeDone(boolean close, boolean requestComplete) {
        done = true;
        release();
        if (!closed && !output.ended()) {
            outlet.reset(id, Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void abort() {
        abort(false);
    }

    @Override
    public void abort(boolean byClient) {
        output.takeBack();
        if (!closed) {
            // For a tunnel as RFC 8441 section 5 has it.
            outlet.reset(id, handshake || byClient ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
        }
    }

    private void giveRoom() {
        if (done || (wanted && resumed)) {
            int given = unconsumed;
            unconsumed = 0;
            outlet.consumed(id, given);
        }
    }

    private void release() {
        for (ByteBuf piece = held.poll(); piece != null; piece = held.poll()) {
            piece.release();
        }
        heldEnd = null;
        giveRoom();
    }
}
