package com.esperr.gateway.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * The members of one line of the access log, in the order they are written; a member without a value is left out.
 * Query values, cookies and other headers have no member on purpose: a log outlives the consent of its visitors.
 */
enum LogField {
    /** When the head was received, RFC 3339 in UTC with milliseconds. */
    TIME("time"),
    /** The short reference id the visitor was shown. */
    REFERENCE("reference"),
    /** The visitor's address. */
    CLIENT("client"),
    /** How that is known: peer, x-forwarded-for, forwarded, header. */
    CLIENT_FROM("client_from"),
    /** The other end of the connection. */
    PEER("peer"),
    METHOD("method"),
    SCHEME("scheme"),
    HOST("host"),
    /** The path as it was decided on. */
    PATH("path"),
    /** How long the query string was; absent when there was none. */
    QUERY_BYTES("query_bytes"),
    /** The template of the route. */
    ROUTE("route"),
    TIER("tier"),
    PROTOCOL("protocol"),
    /** The status the client was sent, or, when nothing was sent, that of the failure, such as 499. */
    STATUS("status"),
    OUTCOME("outcome"),
    BYTES_IN("bytes_in"),
    BYTES_OUT("bytes_out"),
    /** allow, challenge or block. */
    DECISION("decision"),
    /** An object: why. */
    CAUSE("cause"),
    SOURCE("source"),
    POLICY("policy"),
    CLAUSE("clause"),
    DECISION_ID("decision_id"),
    REASON("reason"),
    /** What went wrong: with the exchange, or, inside {@link #CAUSE}, with the question. */
    FAILURE("failure"),
    /** What a watched policy would have done. */
    OBSERVED("observed"),
    /** The hash of the policies that were asked. */
    POLICIES("policies"),
    /** The set of policies that was asked, if it is not that of sites that name none. */
    POLICY_SET("policy_set"),
    /** Whether the decision was carried out. */
    ENFORCED("enforced"),
    FAILURE_DETAIL("failure_detail"),
    UPSTREAM("upstream"),
    REUSED("reused"),
    RETRIED("retried"),
    USER_AGENT("user_agent"),
    /** The fingerprint of the ClientHello, if that is wanted. */
    JA4("ja4"),
    /** The bot that the request comes from or says it comes from. */
    BOT("bot"),
    /** verified, pending, unverified or impostor. */
    BOT_STATUS("bot_status"),
    /** What proved it: range, dns or signature. */
    BOT_METHOD("bot_method"),
    /** An object: how long the phases took, in microseconds. */
    MICROS("micros"),
    /** From asking to the decision. */
    DECISION_TIME("decision"),
    /** From the decision to a connection to the origin. */
    CONNECT("connect"),
    /** From the connection to the head of the origin's response. */
    FIRST_BYTE("first_byte"),
    /** From the head of the request to the end. */
    TOTAL("total");

    private final byte[] prefix;

    LogField(String name) {
        this.prefix = ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    /** The name in quotes and its colon; shared, not to be modified. */
    byte[] prefix() {
        return prefix;
    }
}
