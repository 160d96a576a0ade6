package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's way to a connection when there are several endpoints: the next one is asked when one cannot be connected
 * to or is full, for nothing has been sent yet. Confined to the event loop.
 */
final class Errand implements LeaseSink, Upstream.Lease {
    private final Upstream.Share share;
    private final RequestContext request;
    private @Nullable LeaseSink sink;
    private Upstream.@Nullable Lease current;
    private long tried;
    private int triesLeft;
    private int step;

    /** For {@code sink}, to an endpoint outside the set {@code tried}. */
    Errand(Upstream.Share share, LeaseSink sink, RequestContext request, long tried, int furtherTries) {
        this.share = share;
        this.sink = sink;
        this.request = request;
        this.tried = tried;
        this.triesLeft = furtherTries;
    }

    /** Asks the endpoint whose turn it is; false if there is none left. */
    boolean begin(boolean fresh) {
        OriginEndpoint endpoint = share.balancer().pick(request, tried);
        if (endpoint == null) {
            return false;
        }
        tried |= 1L << endpoint.index();
        step++;
        int mine = step;
        Upstream.Lease lease = share.ask(endpoint, this, request, fresh);
        if (step == mine && sink != null) {
            // Else it was told before it came back, and another one may be asked already.
            current = lease;
        }
        return true;
    }

    @Override
    public void leased(RequestOutput connection) {
        LeaseSink to = sink;
        sink = null;
        current = null;
        if (to == null) {
            connection.discard();
        } else {
            to.leased(connection);
        }
    }

    @Override
    public boolean whole() {
        return sink != null && sink.whole();
    }

    @Override
    public void leaseFailed(FailureReason reason, String detail) {
        current = null;
        if (sink == null) {
            return;
        }
        if (triesLeft > 0) {
            triesLeft--;
            if (begin(false)) {
                share.moved();
                return;
            }
        }
        LeaseSink to = sink;
        sink = null;
        to.leaseFailed(reason, detail);
    }

    @Override
    public void cancel() {
        sink = null;
        step++;
        Upstream.Lease asked = current;
        current = null;
        if (asked != null) {
            asked.cancel();
        }
    }
}
