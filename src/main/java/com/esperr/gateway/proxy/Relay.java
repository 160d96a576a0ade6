package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.Methods;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.ChunkWriter;
import com.esperr.gateway.proxy.ResponseForwarding.Framing;
import com.esperr.gateway.proxy.ResponseForwarding.Persistence;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.upstream.LeaseSink;
import com.esperr.gateway.upstream.ResponseListener;
import com.esperr.gateway.upstream.Upstream;
import com.esperr.gateway.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Carries one request to the origin and its response back; confined to the event loop of the exchange. Each side is read
 * only as fast as the other takes it. Body pieces change owner once, from the decoder of one side to the socket of the
 * other.
 */
final class Relay implements LeaseSink, ResponseListener {
    /** How long the origin has to answer an expectation before we do. */
    private static final long CONTINUE_NANOS = 500_000_000L;

    /** Room for a usual head and a small body behind it, so that both leave in one piece. */
    private static final int HEAD_AND_SMALL_BODY = 2048;

    private final RelayOwner owner;
    private final FrontendConnection connection;
    private final ClientOutput client;
    private final ExchangeServices services;
    private final RequestContext request;
    private final Decision decision;
    private final Stall headStall = new Stall();
    private final Stall bodyStall = new Stall();

    private final Stall continueStall = new Stall();

    private Upstream.@Nullable Lease lease;
    private @Nullable UpstreamConnection upstream;
    private @Nullable String origin;
    private boolean reused;
    private boolean retried;
    private boolean requestSent;
    private boolean headReceived;
    private boolean over;
    private boolean continued;
    private Framing framing = Framing.AS_RECEIVED;
    private long moved;

    Relay(
            RelayOwner owner,
            FrontendConnection connection,
            ExchangeServices services,
            RequestContext request,
            Decision decision) {
        this.owner = owner;
        this.connection = connection;
        this.client = connection.output();
        this.services = services;
        this.request = request;
        this.decision = decision;
    }

    /** Asks for a connection to the origin. */
    void start() {
        lease(services.upstream().lease(this));
    }

    private void lease(Upstream.Lease asked) {
        // The sink may have been told before the wish is here, and, when the first write found the connection dead, may
        // even have asked for another one: that is the wish that can still be cancelled.
        if (upstream == null && lease == null && !over) {
            lease = asked;
        }
    }

    /** The origin that was used, or null. */
    @Nullable
    String origin() {
        return origin;
    }

    /** Whether the connection to the origin had served another exchange. */
    boolean reused() {
        return reused;
    }

    /** Whether the request was sent twice. */
    boolean retried() {
        return retried;
    }

    // --- LeaseSink

    @Override
    public void leased(UpstreamConnection leased) {
        lease = null;
        upstream = leased;
        try {
            send(leased);
        } catch (RuntimeException | Error defect) {
            owner.failInternally(defect);
        }
    }

    private void send(UpstreamConnection to) {
        origin = to.origin();
        to.begin(request.method(), this);
        reused = to.reused();
        owner.upstreamConnected();
        to.write(head(to));
        if (upstream != to) {
            // The connection was dead, and that has been dealt with: the body is no longer ours to ask for.
            return;
        }
        if (owner.requestComplete()) {
            requestSent = true;
        } else {
            continued |= owner.bodyWanted();
        }
        flushRequest();
    }

    private ByteBuf head(UpstreamConnection to) {
        ByteBuf head = to.buffer(1024);
        try {
            services.requests().write(head, request, decision);
            return head;
        } catch (RuntimeException | Error defect) {
            head.release();
            throw defect;
        }
    }

    @Override
    public void leaseFailed(FailureReason reason, String detail) {
        lease = null;
        end(reason, detail);
    }

    // --- client to origin

    /** A piece of the request body; takes it. */
    void requestData(ByteBuf data) {
        UpstreamConnection to = upstream;
        if (to == null) {
            data.release();
            return;
        }
        moved += data.readableBytes();
        if (request.head().bodyLength() == BodyLength.CHUNKED) {
            ChunkWriter.write(to, data);
        } else {
            to.write(data);
        }
        if (!to.writable()) {
            // Written but not taken: push it out first, then stop reading the client until the origin drains it.
            to.flush();
            if (upstream == to) {
                // Else that very flush found the origin gone, and the rest of the body is already being read away.
                connection.reading(to.writable());
            }
        }
    }

    /** The request is complete. */
    void requestEnd(MessageEnd end) {
        requestSent = true;
        UpstreamConnection to = upstream;
        if (to == null) {
            return;
        }
        if (request.head().bodyLength() == BodyLength.CHUNKED) {
            ChunkWriter.writeEnd(to, end);
        }
        to.flush();
    }

    /** Pushes request bytes to the network. */
    void flushRequest() {
        UpstreamConnection to = upstream;
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void requestWritabilityChanged(boolean writable) {
        connection.reading(writable);
    }

    // --- origin to client

    @Override
    public void responseHead(ResponseHead head) {
        if (head.interim()) {
            relayInterim(head);
            return;
        }
        headReceived = true;
        RequestHead asked = request.head();
        boolean bodyless = head.bodyLength() == BodyLength.NONE;
        if (bodyless || head.bodyLength() > 0) {
            framing = Framing.AS_RECEIVED;
        } else {
            framing = asked.minorVersion() == 1 ? Framing.CHUNKED : Framing.CLOSE;
        }
        if (framing == Framing.CLOSE || !owner.requestComplete()) {
            // What is left of an unfinished request could be taken for the next one.
            owner.closeAfterwards();
        }
        ByteBuf out = client.buffer(HEAD_AND_SMALL_BODY);
        services.responses().write(out, head, framing, persistence(asked));
        owner.responseStarted(head.status());
        client.writeHead(out);
    }

    private void relayInterim(ResponseHead head) {
        boolean wanted = head.status() != 100 || (request.head().expectsContinue() && !continued);
        continued |= head.status() == 100;
        if (request.head().minorVersion() == 1 && wanted) {
            ByteBuf out = client.buffer(256);
            services.responses().writeInterim(out, head);
            client.write(out);
            client.flush();
        }
    }

    private Persistence persistence(RequestHead asked) {
        if (owner.closeAfter()) {
            return Persistence.CLOSE;
        }
        return asked.minorVersion() == 0 ? Persistence.KEEP_TOLD : Persistence.KEEP;
    }

    @Override
    public void responseData(ByteBuf data) {
        int length = data.readableBytes();
        moved += length;
        owner.responseBytes(length);
        if (framing == Framing.CHUNKED) {
            ChunkWriter.write(client, data);
        } else {
            client.write(data);
        }
        if (!client.writable()) {
            client.flush();
            readUpstream(client.writable());
        }
    }

    @Override
    public void responseEnd(MessageEnd end) {
        if (framing == Framing.CHUNKED) {
            ChunkWriter.writeEnd(client, end);
        }
        client.flush();
        UpstreamConnection used = upstream;
        over = true;
        upstream = null;
        if (used != null) {
            if (requestSent) {
                used.release();
            } else {
                used.discard();
            }
        }
        owner.relayed();
    }

    @Override
    public void responseReadComplete() {
        client.flush();
    }

    /** The client takes more response bytes, or no longer does. */
    void responseWritabilityChanged(boolean writable) {
        readUpstream(writable);
    }

    private void readUpstream(boolean on) {
        UpstreamConnection from = upstream;
        if (from != null) {
            from.reading(on);
        }
    }

    // --- time and endings

    /** Looks at the time limits. */
    void sweep(long now) {
        if (over || upstream == null) {
            return;
        }
        if (!headReceived) {
            long limit = services.upstream().config().responseTimeout().toNanos();
            if (!requestSent && !owner.requestComplete()) {
                sweepUpload(now);
            } else if (headStall.longerThan(limit, moved, now)) {
                end(FailureReason.ORIGIN_TIMEOUT, "no response within origin.response-timeout");
            }
            return;
        }
        boolean clientStuck = !client.writable();
        long limit = clientStuck
                ? services.limits().idleTimeout().toNanos()
                : services.upstream().config().idleTimeout().toNanos();
        if (bodyStall.longerThan(limit, clientStuck ? client.unsentBytes() : moved, now)) {
            if (clientStuck) {
                end(FailureReason.CLIENT_ABORTED, "response not read within limits.idle-timeout");
            } else {
                end(FailureReason.ORIGIN_TIMEOUT, "response body paused longer than origin.idle-timeout");
            }
        }
    }

    /** An origin that knows no 100 (Continue) must not make a visitor wait who does (RFC 9110 section 10.1.1). */
    private void sweepContinue(long now) {
        boolean waits = request.head().expectsContinue() && !continued && moved == 0;
        if (waits && continueStall.longerThan(CONTINUE_NANOS, 0, now)) {
            continued = true;
            ReplyWriter.writeContinue(client);
        }
    }

    private void sweepUpload(long now) {
        sweepContinue(now);
        UpstreamConnection to = upstream;
        boolean stuck = to != null && !to.writable();
        if (!stuck) {
            bodyStall.reset();
        } else if (bodyStall.longerThan(
                services.upstream().config().idleTimeout().toNanos(), moved, now)) {
            end(FailureReason.ORIGIN_TIMEOUT, "request body not taken within origin.idle-timeout");
        }
    }

    @Override
    public void upstreamFailed(FailureReason reason, String detail, boolean untouched) {
        UpstreamConnection lost = upstream;
        upstream = null;
        boolean mayRepeat = lost != null
                && reused
                && untouched
                && !retried
                && !request.head().hasBody();
        if (mayRepeat && Methods.idempotent(request.method())) {
            // The origin closed a kept connection while our request was on its way (RFC 9112 section 9.3.1).
            retried = true;
            leaseAnother();
            return;
        }
        end(reason, detail);
    }

    private void leaseAnother() {
        try {
            lease(services.upstream().leaseFresh(this));
        } catch (RuntimeException | Error defect) {
            owner.failInternally(defect);
        }
    }

    private void end(FailureReason reason, String detail) {
        if (!over) {
            abandon();
            owner.relayFailed(reason, detail);
        }
    }

    /** Gives up: whatever is asked for or leased is let go. */
    void abandon() {
        over = true;
        Upstream.Lease asked = lease;
        lease = null;
        if (asked != null) {
            asked.cancel();
        }
        UpstreamConnection used = upstream;
        upstream = null;
        if (used != null) {
            used.discard();
        }
    }
}
