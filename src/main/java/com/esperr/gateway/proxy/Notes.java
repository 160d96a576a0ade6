package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is noted of one request while it goes on, for its record; confined to the event loop of its exchange. */
final class Notes {
    private final Clock clock;
    private final String peer;
    private final Supplier<String> maker;
    private final long startedMillis;
    private final long startedNanos;
    private final Timeline timeline;
    private @Nullable RequestContext context;
    /** The reference of a request that has no context, made once, because the visitor's must be the log's. */
    private @Nullable String ownReference;

    private @Nullable Decision decision;
    private boolean enforced;
    private @Nullable FailureReason failure;
    private @Nullable String failureDetail;
    private Outcome outcome = Outcome.FAILED;
    private int status;
    private long requestBytes;
    private long responseBytes;

    /** Of a request that begins now and comes from {@code peer}; {@code maker} makes a reference for a head that was not understood. */
    Notes(Clock clock, String peer, Supplier<String> maker) {
        this.clock = clock;
        this.peer = peer;
        this.maker = maker;
        this.startedMillis = clock.millis();
        this.startedNanos = clock.nanos();
        this.timeline = new Timeline(startedNanos);
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Something happens now. */
    void mark(Moment moment) {
        timeline.mark(moment, clock.nanos());
    }

    /** The head was understood. */
    void context(RequestContext understood) {
        context = understood;
    }

    /** As much as was understood of a request about which nothing is done. */
    void refused(@Nullable RequestContext understood) {
        context = understood;
    }

    /** The head as it was understood; there is one in every state behind reading. */
    RequestContext context() {
        RequestContext known = context;
        if (known == null) {
            throw new IllegalStateException("exchange: no request yet (expected: one)");
        }
        return known;
    }

    /** What the visitor and the log call this request. */
    String reference() {
        RequestContext request = context;
        if (request != null) {
            return request.reference();
        }
        String made = ownReference;
        if (made == null) {
            made = maker.get();
            ownReference = made;
        }
        return made;
    }

    /** What was decided, now, and whether it is carried out. */
    void decided(Decision made, boolean carriedOut) {
        mark(Moment.DECIDED);
        decision = made;
        enforced = carriedOut;
    }

    /** What went wrong; the first failure counts, as others only follow from it, such as what our own reset does to pending writes. */
    void failed(FailureReason reason, String detail) {
        if (failure != null) {
            return;
        }
        failure = reason;
        failureDetail = detail;
        outcome = Outcome.of(reason);
    }

    /** How it ends. */
    void outcome(Outcome known) {
        outcome = known;
    }

    /** The status the client is sent, 0 until then. */
    int status() {
        return status;
    }

    /** The head of the origin's response goes to the client. */
    void responseStarted(int sent) {
        status = sent;
        mark(Moment.RESPONSE_STARTED);
    }

    /** How long the decision and the origin took until now, as the field Server-Timing says it. */
    String serverTiming() {
        long asked = timeline.at(Moment.DECISION_ASKED);
        long decided = timeline.at(Moment.DECIDED);
        long now = clock.nanos() - startedNanos;
        String origin = "esper-origin;dur=" + millis(now - Math.max(0, decided));
        return asked < 0 || decided < asked ? origin : "esper-decision;dur=" + millis(decided - asked) + ", " + origin;
    }

    private static String millis(long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        String rest = Long.toString(1000 + micros % 1000);
        return micros / 1000 + "." + rest.substring(1);
    }

    /** A reply of our own, or a failure that nobody is told of, has this status. */
    void status(int made) {
        status = made;
    }

    /** So many bytes of the request's body came. */
    void requestBytes(int count) {
        requestBytes += count;
    }

    /** How many came in all. */
    long requestBytes() {
        return requestBytes;
    }

    /** So many bytes of the response's body went to the client. */
    void responseBytes(int count) {
        responseBytes += count;
    }

    /** None of those did: the response was taken back. */
    void noResponseBytes() {
        responseBytes = 0;
    }

    /** The record, with what {@code relay} knows, if it came to one. */
    ExchangeRecord record(@Nullable Relay relay) {
        return new ExchangeRecord(
                context,
                reference(),
                peer,
                startedMillis,
                timeline,
                status,
                outcome,
                decision,
                enforced,
                failure,
                failureDetail,
                relay == null ? null : relay.origin(),
                relay != null && relay.reused(),
                relay != null && relay.retried(),
                requestBytes,
                responseBytes);
    }
}
