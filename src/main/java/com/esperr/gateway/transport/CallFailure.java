package com.esperr.gateway.transport;

/**
 * Why a call has no answer. Immutable.
 *
 * @param kind the class of failure
 * @param detail what was found, for the log; holds nothing of the request and at most a short token of the response
 * @param stale whether it died on a connection that had been used before, without one byte of response: mostly a server
 *     that closed an idle connection at the same moment, so asking again on a fresh one is likely to work
 */
public record CallFailure(Kind kind, String detail, boolean stale) {
    CallFailure(Kind kind, String detail) {
        this(kind, detail, false);
    }

    /** The classes of failure. */
    public enum Kind {
        /** No connection: the name is unknown, the connection refused or not established in time, TLS failed. */
        CONNECT,
        /** The deadline passed. */
        TIMEOUT,
        /** The connection ended before the response began. */
        CLOSED,
        /** The connection ended inside the response. */
        TRUNCATED,
        /** The response is not HTTP, or has a content coding although none was offered. */
        MALFORMED,
        /** The response is longer than allowed. */
        TOO_LARGE,
        /** All connections are busy and too many calls wait already. */
        OVERLOAD,
        /** The body of the request could not be written: a defect, logged with its stack. */
        DEFECT
    }
}
