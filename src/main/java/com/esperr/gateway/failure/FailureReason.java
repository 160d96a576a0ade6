package com.esperr.gateway.failure;

import java.util.Locale;

/**
 * Every way a request can go wrong: whose fault, which status a client is told, whether the framing of the client
 * connection can still be trusted, and how loudly it is logged. Immutable.
 *
 * <p>Reasons of {@link Side#DECISION} never reach a client as such: the failure table turns them into a decision.
 */
public enum FailureReason {
    // --- the client's request, as bytes (RFC 9112); the connection is closed because its framing is in doubt
    /** The head does not follow the grammar: bare CR/LF, NUL, obs-fold, bad token, space before colon. */
    MALFORMED_HEAD(Side.CLIENT, 400, true),
    /** Content-Length and Transfer-Encoding contradict or are malformed (RFC 9112 section 6.3, CWE-444). */
    AMBIGUOUS_FRAMING(Side.CLIENT, 400, true),
    /** A chunk size, extension, delimiter or trailer is malformed (RFC 9112 section 7.1). */
    MALFORMED_BODY(Side.CLIENT, 400, true),
    /** Host is missing, repeated, invalid or contradicts the absolute-form (RFC 9112 section 3.2). */
    INVALID_HOST(Side.CLIENT, 400, true),
    /** A transfer coding other than chunked (RFC 9112 section 6.1). */
    UNSUPPORTED_CODING(Side.CLIENT, 501, true),
    /** CONNECT, or a method longer than any known one. */
    UNSUPPORTED_METHOD(Side.CLIENT, 501, true),
    /** TRACE: never answered with the secrets of the request. */
    METHOD_NOT_ALLOWED(Side.CLIENT, 405, true),
    /** A protocol version other than HTTP/1.0 and HTTP/1.1. */
    UNSUPPORTED_VERSION(Side.CLIENT, 505, true),
    /** The request line is longer than {@code limits.request-line}. */
    URI_TOO_LONG(Side.CLIENT, 414, true),
    /** More header bytes or fields than {@code limits.header-bytes} / {@code limits.header-count}. */
    HEAD_TOO_LARGE(Side.CLIENT, 431, true),
    /** The body is longer than {@code limits.body}. */
    BODY_TOO_LARGE(Side.CLIENT, 413, true),
    /** The head or the body did not arrive in time. */
    REQUEST_TIMEOUT(Side.CLIENT, 408, true),
    /** An expectation other than 100-continue (RFC 9110 section 10.1.1). */
    EXPECTATION_FAILED(Side.CLIENT, 417, true),
    /** The request target is not one that can be decided on and forwarded as the same thing. */
    PATH_REFUSED(Side.CLIENT, 400, false),
    /** Nobody here has the host that was asked for; the status is {@code unknown-host} (RFC 9110 section 15.5.20). */
    UNKNOWN_HOST(Side.CLIENT, 421, false),
    /** More query parameters or cookies than are looked at, so that a policy could overlook one. */
    TOO_MANY_PARAMETERS(Side.CLIENT, 400, false),
    /** A proxy asks about a request (section {@code authz} of a listener), and does not say which. */
    MALFORMED_ENQUIRY(Side.CLIENT, 400, false),
    /** Somebody asks as a proxy who is not one of {@code client.trusted-proxies}. */
    UNTRUSTED_PROXY(Side.CLIENT, 403, false),
    /** The client closed or reset its connection before the answer was complete. */
    CLIENT_ABORTED(Side.CLIENT, 499, true),

    // --- the gateway itself
    /** More connections than {@code limits.connections}. */
    TOO_MANY_CONNECTIONS(Side.GATEWAY, 503, true),
    /** The gateway stops, and {@code shutdown.drain} was not long enough for this request. */
    DRAINING(Side.GATEWAY, 503, true),
    /** Maintenance is on. */
    MAINTENANCE(Side.GATEWAY, 503, false),
    /** The way to the origin was paused for longer than requests are held, or too many were held. */
    PAUSED(Side.GATEWAY, 503, false),
    /** The request comes from this gateway, again and again: the origin leads back to it (RFC 5842 section 7.2). */
    LOOP(Side.GATEWAY, 508, false),
    /** A defect of the gateway; logged once with its stack. */
    INTERNAL(Side.GATEWAY, 500, true),

    // --- the origin
    /** The origin refused the connection or is unreachable. */
    ORIGIN_CONNECT(Side.ORIGIN, 502, false),
    /** The connection to the origin was not established in time. */
    ORIGIN_CONNECT_TIMEOUT(Side.ORIGIN, 504, false),
    /** The application that the gateway runs itself ({@code exec}) was away for longer than requests are held, or for good. */
    ORIGIN_AWAY(Side.ORIGIN, 503, false),
    /** No connection to the origin became free in time. */
    ORIGIN_BUSY(Side.ORIGIN, 503, false),
    /** The origin has as much to do as it can, others come first, and there was no room in time ({@code origin.shedding}). */
    ORIGIN_SATURATED(Side.ORIGIN, 503, false),
    /** The origin did not answer in time, or stopped in the middle of a body. */
    ORIGIN_TIMEOUT(Side.ORIGIN, 504, false),
    /** The origin closed or reset the connection before its answer was complete. */
    ORIGIN_CLOSED(Side.ORIGIN, 502, false),
    /** The origin answered something that is not HTTP, or with ambiguous framing. */
    ORIGIN_MALFORMED(Side.ORIGIN, 502, false),

    // --- the question to the decision service; rows of the failure table
    /** The decision service refused the connection or is unreachable. */
    DECISION_CONNECT(Side.DECISION, 503, false),
    /** The decision did not arrive inside its budget. */
    DECISION_TIMEOUT(Side.DECISION, 503, false),
    /** The decision service answered 5xx. */
    DECISION_SERVER_ERROR(Side.DECISION, 503, false),
    /** The decision service answered 401 or 403: the API key is wrong. */
    DECISION_UNAUTHORIZED(Side.DECISION, 503, false),
    /** The decision service answered 429. */
    DECISION_RATE_LIMITED(Side.DECISION, 503, false),
    /** The answer of the decision service could not be understood. */
    DECISION_MALFORMED(Side.DECISION, 503, false),
    /** A challenge without a usable redirect URL. */
    CHALLENGE_UNUSABLE(Side.DECISION, 503, false),
    /** The question was not asked: breaker open, or too many questions under way. */
    DECISION_OVERLOAD(Side.DECISION, 503, false),
    /** What is remembered may be out of date: nothing has been heard of the decision service for too long. */
    DECISION_STALE(Side.DECISION, 503, false);

    private final Side side;
    private final int status;
    private final boolean closesConnection;
    private final String label;

    FailureReason(Side side, int status, boolean closesConnection) {
        this.side = side;
        this.status = status;
        this.closesConnection = closesConnection;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** Whose fault it is. */
    public Side side() {
        return side;
    }

    /** The status the client is told; 499 is only logged, never sent. */
    public int status() {
        return status;
    }

    /** Whether the client connection is closed after the reply because nothing behind this point can be trusted. */
    public boolean closesConnection() {
        return closesConnection;
    }

    /** The bounded metric and log label, e.g. {@code origin_timeout}. */
    public String label() {
        return label;
    }
}
