package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.BadMessage;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * One request of an HTTP/2 connection and the exchange it is answered by; confined to the event loop of the connection. What of the
 * body comes before it is wanted is held, and the client is given room for more only as the origin takes what it has sent, so that
 * a stream never holds more than its window. Owns what it holds.
 */
final class MultiplexedStream implements ClientStream {
    private final FrameOutlet outlet;
    private final FrontendConnection front;
    private final int id;
    private final MultiplexedOutput output;
    private final Exchange exchange;
    private final Uptake uptake;
    private final Stall untaken = new Stall();
    private final Leftovers leftovers = new Leftovers();
    private final RequestInput input;
    private int unconsumed;
    private boolean handshake;
    private boolean inputEnded;
    private boolean done;
    private boolean sentAll;
    private boolean closed;

    MultiplexedStream(FrameOutlet outlet, FrontendConnection front, int id, ExchangeServices services) {
        this.outlet = outlet;
        this.front = front;
        this.id = id;
        this.output = new MultiplexedOutput(outlet, id);
        this.uptake = new Uptake(outlet, id, services.limits().minRate());
        this.exchange = new Exchange(this, services);
        this.input = new RequestInput(this, () -> exchange, services.limits());
    }

    // --- what the connection tells

    /** The head is here, and with it the end if {@code last}; nothing is done about it until {@link #begin}. */
    void head(RequestHead head, boolean last) {
        inputEnded = last;
        input.head(head, last);
        // The field itself is forbidden here: it stands for a pseudo-header (RFC 8441).
        handshake = head.fields().contains(FieldName.UPGRADE);
        if (handshake) {
            input.unbounded();
        }
    }

    /** Does what the head asks for, if that is still wanted. */
    void begin() {
        input.begin();
    }

    /** The request cannot be understood. */
    void broken(BadMessage bad, boolean last) {
        inputEnded |= last;
        input.refuse(bad);
    }

    /**
     * A piece of the body, which stays the caller's.
     *
     * @param flow what it takes of the window, padding included
     * @param last whether {@link #end} follows
     * @return how much of that may be given back at once
     */
    int data(ByteBuf data, int flow, boolean last) {
        if (done) {
            leftovers.discard(data.readableBytes());
            return flow;
        }
        input.data(data, last);
        if (mayFlow()) {
            return flow;
        }
        unconsumed += flow;
        return 0;
    }

    /** The request is complete. */
    void end(MessageEnd end) {
        inputEnded = true;
        if (done) {
            return;
        }
        if (handshake) {
            endTunnel();
        } else {
            input.end(end);
            giveRoom();
        }
    }

    /** The client sends no more, which is no end of what it is sent; before the protocol is changed it waits for that. */
    private void endTunnel() {
        if (input.bodyExpected() && inputEnded && !done) {
            exchange.inputClosed(false);
        }
    }

    /** What was read from the client in one go has been delivered. */
    void readComplete() {
        input.begin();
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
            if (!input.overdue(now)) {
                exchange.sweep(now);
            }
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
        if (leftovers.enough(now)) {
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
        input.resume();
        giveRoom();
    }

    @Override
    public void tunnel() {
        input.tunnel();
        giveRoom();
        endTunnel();
    }

    @Override
    public void reading(boolean on) {
        input.wanted(on);
        giveRoom();
    }

    @Override
    public boolean reading() {
        return input.flows();
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

    /** Whether the client may send as much again as it has sent. */
    private boolean mayFlow() {
        return done || (input.flows() && !input.holds());
    }

    private void giveRoom() {
        if (mayFlow()) {
            int given = unconsumed;
            unconsumed = 0;
            outlet.consumed(id, given);
        }
    }

    private void release() {
        input.release();
        giveRoom();
    }
}
