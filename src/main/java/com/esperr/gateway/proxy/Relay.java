package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.upstream.LeaseSink;
import com.esperr.gateway.upstream.Loss;
import com.esperr.gateway.upstream.RequestOutput;
import com.esperr.gateway.upstream.ResponseListener;
import com.esperr.gateway.upstream.Upstream;
import io.netty.buffer.ByteBuf;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Carries one request to the origin and its response back; confined to the event loop of the exchange. Each side is read
 * only as fast as the other takes it. Body pieces change owner once, from the decoder of one side to the socket of the
 * other.
 */
final class Relay implements LeaseSink, ResponseListener {
    private final RelayOwner owner;
    private final ClientStream visitor;
    private final ResponseOutput client;
    private final ExchangeServices services;
    private final Notes notes;
    private final RequestContext request;
    private final Decision decision;
    private final RelayWatch watch;
    private final Attempts attempts;

    private Upstream.@Nullable Lease lease;
    private @Nullable RequestOutput upstream;
    private @Nullable String origin;
    private boolean requestSent;
    private boolean headReceived;
    private boolean over;
    private boolean continued;
    private long moved;
    private final @Nullable String protocol;
    private @Nullable Tunnel tunnel;

    /** Of the request that {@code notes} know, which {@code decision} lets through. */
    Relay(RelayOwner owner, ClientStream visitor, ExchangeServices services, Notes notes, Decision decision) {
        this.owner = owner;
        this.visitor = visitor;
        this.client = services.entrance().output(visitor.output());
        this.services = services;
        this.notes = notes;
        this.request = notes.context();
        this.decision = decision;
        Upstream application = services.upstreams().of(request);
        this.watch = new RelayWatch(application.config(), services.limits());
        this.attempts = new Attempts(application, request);
        this.protocol = services.upgrades().wanted(request.head());
    }

    /** Asks for a connection to the origin. */
    void start() {
        lease(attempts.first(this));
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
        return attempts.reused();
    }

    /** Whether the request was sent twice. */
    boolean retried() {
        return attempts.repeated();
    }

    // --- LeaseSink

    @Override
    public void leased(RequestOutput leased) {
        lease = null;
        upstream = leased;
        try {
            send(leased);
        } catch (RuntimeException | Error defect) {
            owner.failInternally(defect);
        }
    }

    private void send(RequestOutput to) {
        origin = to.endpoint().label();
        to.begin(request.head(), protocol != null, this);
        attempts.sent(to);
        notes.mark(Moment.UPSTREAM_CONNECTED);
        to.head(head(to));
        if (upstream != to) {
            // The connection was dead, and that has been dealt with: the body is no longer ours to ask for.
            return;
        }
        if (owner.requestComplete()) {
            requestSent = true;
        } else {
            attempts.sending();
            continued |= owner.bodyWanted();
        }
        if (requestSent || !visitor.delivering()) {
            flushRequest();
        }
    }

    private ByteBuf head(RequestOutput to) {
        ByteBuf head = to.buffer(1024);
        try {
            services.requests()
                    .write(head, request, decision, RequestForwarding.Destination.of(to.endpoint(), protocol));
            return head;
        } catch (RuntimeException | Error defect) {
            head.release();
            throw defect;
        }
    }

    @Override
    public boolean whole() {
        return protocol != null;
    }

    @Override
    public void leaseFailed(FailureReason reason, String detail) {
        lease = null;
        end(reason, detail);
    }

    // --- client to origin

    /** A piece of the request body; takes it. */
    void requestData(ByteBuf data) {
        RequestOutput to = upstream;
        if (to == null) {
            data.release();
            return;
        }
        moved += data.readableBytes();
        to.data(tunnel == null ? data : tunnel.toOrigin(data));
        if (!to.writable()) {
            // Written but not taken: push it out first, then stop reading the client until the origin drains it.
            to.flush();
            if (upstream == to) {
                // Else that very flush found the origin gone, and the rest of the body is already being read away.
                visitor.reading(to.writable());
            }
        }
    }

    /** The request is complete. */
    void requestEnd(MessageEnd end) {
        requestSent = true;
        attempts.complete();
        RequestOutput to = upstream;
        if (to != null) {
            to.end(end);
            to.flush();
        }
    }

    /** Pushes request bytes to the network. */
    void flushRequest() {
        RequestOutput to = upstream;
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void requestWritabilityChanged(boolean writable) {
        visitor.reading(writable);
    }

    // --- origin to client

    @Override
    public void responseHead(ResponseHead head) {
        if (head.interim()) {
            relayInterim(head);
            return;
        }
        var another = attempts.afterAnswer(head.status());
        if (another != null) {
            RequestOutput left = upstream;
            upstream = null;
            if (left != null) {
                left.discard();
            }
            repeat(another);
            return;
        }
        headReceived = true;
        if (head.switchesProtocols() || Upgrades.misleads(request.head(), head)) {
            changeProtocol(head);
            return;
        }
        // What is left of an unfinished request could be taken for the next one.
        boolean close = owner.closeAfter() || !owner.requestComplete();
        ResponseHead arrived = services.responses().arrived(head, notes);
        if (client.head(services.entrance().leaving(arrived), request.head(), close)) {
            owner.closeAfterwards();
        }
        notes.responseStarted(head.status());
    }

    private void changeProtocol(ResponseHead head) {
        String agreed = protocol;
        if (agreed == null || !Upgrades.agrees(request.head(), head, agreed)) {
            end(Upgrades.fault(head), "status: " + head.status() + ", not proved to be to " + agreed);
            return;
        }
        tunnel = services.upgrades().open(agreed);
        owner.closeAfterwards();
        client.upgraded(head, agreed);
        notes.responseStarted(head.status());
        visitor.tunnel();
        flushRequest();
    }

    /** The client sends no more, not even in a tunnel. */
    void clientEnded() {
        RequestOutput to = upstream;
        if (tunnel != null && to != null) {
            tunnel.inputClosed();
            to.endOutput();
        }
    }

    private void relayInterim(ResponseHead head) {
        boolean wanted = head.status() != 100 || (request.head().expectsContinue() && !continued);
        continued |= head.status() == 100;
        if (request.head().version() != HttpVersion.HTTP_1_0 && wanted) {
            client.interim(head);
        }
    }

    @Override
    public void responseData(ByteBuf data) {
        int length = data.readableBytes();
        moved += length;
        notes.responseBytes(length);
        client.data(tunnel == null ? data : tunnel.toClient(data));
        if (!client.writable()) {
            client.flush();
            responseWritabilityChanged(client.writable());
        }
    }

    @Override
    public void responseEnd(MessageEnd end) {
        client.end(end);
        client.flush();
        RequestOutput used = upstream;
        letGo();
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
        RequestOutput from = upstream;
        if (from != null) {
            from.reading(writable);
        }
    }

    // --- time and endings

    /** Looks at the time limits. */
    void sweep(long now) {
        RequestOutput to = upstream;
        if (over || to == null) {
            return;
        }
        if (tunnel != null) {
            if (tunnel.over(client, to, moved, services.connections().tunnelsEnd(), now)) {
                responseEnd(MessageEnd.PLAIN);
            }
        } else if (headReceived) {
            sweepResponse(now);
        } else if (requestSent || owner.requestComplete()) {
            if (watch.unanswered(moved, now)) {
                end(FailureReason.ORIGIN_TIMEOUT, "no response within origin.response-timeout");
            }
        } else {
            sweepContinue(now);
            attempts.awaiting(to.writable());
            if (watch.untaken(to.writable(), moved, now)) {
                end(FailureReason.ORIGIN_TIMEOUT, "request body not taken within origin.idle-timeout");
            }
        }
    }

    private void sweepResponse(long now) {
        if (!client.writable()) {
            if (watch.unread(client.unsentBytes(), now)) {
                end(FailureReason.CLIENT_ABORTED, "response not read within limits.idle-timeout");
            }
        } else if (watch.paused(moved, now)) {
            end(FailureReason.ORIGIN_TIMEOUT, "response body paused longer than origin.idle-timeout");
        }
    }

    /** An origin that knows no 100 (Continue) must not make a visitor wait who does (RFC 9110 section 10.1.1). */
    private void sweepContinue(long now) {
        boolean waits = request.head().expectsContinue() && !continued && moved == 0;
        if (waits && watch.expectationOverdue(now)) {
            continued = true;
            client.writeContinue();
        }
    }

    @Override
    public void upstreamFailed(FailureReason reason, String detail, Loss loss) {
        boolean held = upstream != null;
        upstream = null;
        var another = held ? attempts.afterLoss(loss) : null;
        if (another == null) {
            end(reason, detail);
        } else {
            repeat(another);
        }
    }

    private void repeat(BiFunction<LeaseSink, RequestContext, Upstream.Lease> another) {
        // The origin's time to answer begins anew.
        moved++;
        try {
            lease(another.apply(this, request));
        } catch (RuntimeException | Error defect) {
            owner.failInternally(defect);
        }
    }

    private void end(FailureReason reason, String detail) {
        if (!over) {
            if (reason.side() == Side.ORIGIN && upstream != null) {
                upstream.blame();
            }
            abandon();
            owner.relayFailed(reason, detail);
        }
    }

    /** Gives up: whatever is asked for or leased is let go. */
    void abandon() {
        RequestOutput used = upstream;
        letGo();
        Upstream.Lease asked = lease;
        lease = null;
        if (asked != null) {
            asked.cancel();
        }
        if (used != null) {
            used.discard();
        }
    }

    private void letGo() {
        if (tunnel != null && !over) {
            services.upgrades().closed(tunnel.idle());
        }
        over = true;
        attempts.over();
        client.letGo();
        upstream = null;
    }
}
