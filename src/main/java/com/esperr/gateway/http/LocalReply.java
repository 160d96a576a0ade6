package com.esperr.gateway.http;

/**
 * An answer that the gateway makes itself, ready to be written: everything but {@code Date} and {@code Connection}, which belong to the
 * connection. To a HEAD request the fields are sent and the body is not. Immutable.
 */
public final class LocalReply {

    private final int status;
    private final Fields fields;
    private final byte[] body;
    private final Fields trailers;

    /** A reply with these header lines, {@code Content-Length} among them; {@code body} is the reply's from now on. */
    public LocalReply(int status, Fields fields, byte[] body) {
        this(status, fields, body, Fields.EMPTY);
    }

    /** The same with {@code trailers} behind the body, for HTTP/2, where no length need be told. */
    public LocalReply(int status, Fields fields, byte[] body, Fields trailers) {
        this.trailers = trailers;
        this.status = status;
        this.fields = fields;
        this.body = body;
    }

    /** This answer, but with {@code value} as the only field of that name, which is given in lower case. */
    public LocalReply with(String lowerCaseName, String value) {
        return new LocalReply(status, fields.with(lowerCaseName, value), body, trailers);
    }

    /** This answer and one more cookie. */
    public LocalReply andCookie(String setCookie) {
        Fields.Builder more = Fields.builder(fields.size() + 1);
        for (int i = 0; i < fields.size(); i++) {
            more.add(fields.name(i), fields.value(i));
        }
        return new LocalReply(status, more.add("Set-Cookie", setCookie).build(), body, trailers);
    }

    public int status() {
        return status;
    }

    /** The reason phrase of the status line. */
    public String reason() {
        return StatusText.reason(status);
    }

    /** The header lines, {@code Content-Length} among them. */
    public Fields fields() {
        return fields;
    }

    /** The bytes of the body; shared, not to be modified. */
    public byte[] body() {
        return body;
    }

    /** What follows the body; only HTTP/2 sends it. */
    public Fields trailers() {
        return trailers;
    }
}
