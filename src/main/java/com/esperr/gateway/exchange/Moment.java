package com.esperr.gateway.exchange;

/** The moments of one request, in order; the vocabulary of access log, histograms and explanations. */
public enum Moment {
    /** The head was complete. */
    HEAD_RECEIVED,
    /** The decision was asked for. */
    DECISION_ASKED,
    /** The decision was there. */
    DECIDED,
    /** A connection to the origin was in hand. */
    UPSTREAM_CONNECTED,
    /** The head of the final response was received from the origin. */
    RESPONSE_STARTED,
    /** The last byte was handed to the client's connection, or the exchange was given up. */
    DONE
}
