package com.esperr.gateway.proxy;

import com.esperr.gateway.http.Methods;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.upstream.LeaseSink;
import com.esperr.gateway.upstream.Loss;
import com.esperr.gateway.upstream.RequestOutput;
import com.esperr.gateway.upstream.Ticket;
import com.esperr.gateway.upstream.Upstream;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where one request has been sent, and whether it may be sent again; confined to the event loop of its exchange. Only what has no
 * body, and is idempotent or was not looked at, is ever sent twice, and nothing of which the client has seen an answer.
 */
final class Attempts {
    private final Upstream upstream;
    private final RequestContext request;
    private final boolean repeatable;
    private long tried;
    private long place;
    private boolean reused;
    private boolean renewed;
    private boolean outlived;
    private int again;
    private @Nullable Ticket ticket;

    Attempts(Upstream upstream, RequestContext request) {
        this.upstream = upstream;
        this.request = request;
        this.repeatable = !request.head().hasBody() && Methods.idempotent(request.method());
    }

    /** Asks for the first connection. */
    Upstream.Lease first(LeaseSink sink) {
        Ticket needed = upstream.ticket(sink, request, repeatable);
        ticket = needed;
        return needed == null ? upstream.lease(sink, request, repeatable) : needed.begin();
    }

    /** The request is sent on {@code connection}. */
    void sent(RequestOutput connection) {
        place = connection.endpoint().place();
        tried |= place;
        reused = connection.reused();
    }

    /** The body follows as it comes. */
    void sending() {
        if (ticket != null) {
            ticket.sending();
        }
    }

    /** More of the body is waited for, {@code wanted} by the origin or else not yet taken by it. */
    void awaiting(boolean wanted) {
        if (ticket != null && wanted) {
            ticket.awaiting();
        }
    }

    /** The request is complete. */
    void complete() {
        if (ticket != null) {
            ticket.sent();
        }
    }

    /** Whether the connection had served another exchange. */
    boolean reused() {
        return reused;
    }

    /** Whether the request was sent twice. */
    boolean repeated() {
        return renewed || outlived || again > 0;
    }

    /** How to ask for another connection after one was lost; null for not at all. */
    @Nullable
    BiFunction<LeaseSink, RequestContext, Upstream.Lease> afterLoss(Loss loss) {
        boolean unprocessed = loss == Loss.UNPROCESSED && !request.head().hasBody();
        if (!unprocessed && (!repeatable || loss == Loss.ANSWERED)) {
            return null;
        }
        if ((reused || unprocessed) && !renewed) {
            // The origin closed a kept connection while our request was on its way (RFC 9112 section 9.3.1), or took no
            // more
            // requests on it.
            renewed = true;
            return upstream::leaseFresh;
        }
        if (upstream.mayReturn() && !outlived) {
            // An application of ours ended with it and is started again, or is ending.
            outlived = true;
            return upstream::leaseLater;
        }
        return elsewhere();
    }

    /** How to ask for another connection after an answer with {@code status}; null to pass it on. */
    @Nullable
    BiFunction<LeaseSink, RequestContext, Upstream.Lease> afterAnswer(int status) {
        var another = repeatable && upstream.config().retry().covers(status) ? elsewhere() : null;
        if (another == null && ticket != null) {
            ticket.answered(status);
        }
        return another;
    }

    /** The request is sent nowhere any more. */
    void over() {
        if (ticket != null) {
            ticket.over();
        }
    }

    private @Nullable BiFunction<LeaseSink, RequestContext, Upstream.Lease> elsewhere() {
        if (again >= upstream.config().retry().attempts() || !upstream.mayRepeat(tried)) {
            return null;
        }
        again++;
        long places = tried;
        return (sink, asked) -> upstream.leaseElsewhere(sink, asked, places);
    }
}
