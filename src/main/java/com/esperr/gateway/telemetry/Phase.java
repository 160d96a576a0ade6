package com.esperr.gateway.telemetry;

import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;

/** A stretch between two moments of an exchange, as log and histograms tell it. Immutable. */
enum Phase {
    /** From asking to the decision. */
    DECISION(Moment.DECISION_ASKED, Moment.DECIDED),
    /** From the decision to a connection to the origin. */
    CONNECT(Moment.DECIDED, Moment.UPSTREAM_CONNECTED),
    /** From the connection to the head of the origin's response. */
    FIRST_BYTE(Moment.UPSTREAM_CONNECTED, Moment.RESPONSE_STARTED),
    /** From the head of the request to the end. */
    TOTAL(Moment.HEAD_RECEIVED, Moment.DONE);

    private final Moment from;
    private final Moment to;

    Phase(Moment from, Moment to) {
        this.from = from;
        this.to = to;
    }

    /** How long it took, or -1 when one of its moments did not come or they came in another order. */
    long nanos(ExchangeRecord exchange) {
        // The head is where every timeline begins, whether or not somebody marked it.
        long start = from == Moment.HEAD_RECEIVED ? 0 : exchange.at(from);
        long end = exchange.at(to);
        return start < 0 || end < start ? -1 : end - start;
    }
}
