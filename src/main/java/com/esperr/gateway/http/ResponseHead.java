package com.esperr.gateway.http;

/**
 * The head of one response as it was received, its grammar and framing already proved. Immutable.
 *
 * @param status 100 to 999
 * @param reason the reason phrase, possibly empty
 * @param version the version in which it came
 * @param fields the header lines
 * @param bodyLength the length in bytes that really follows (0 for HEAD, 204, 304), or a constant of {@link BodyLength}; behind a
 *     change of protocols everything follows, until the connection is closed
 * @param keepAlive whether the connection can be used again after this message
 */
public record ResponseHead(
        int status, String reason, HttpVersion version, Fields fields, long bodyLength, boolean keepAlive) {
    /** This head, but with {@code value} as the only field of that name, which is given in lower case. */
    public ResponseHead with(String lowerCaseName, String value) {
        return with(fields.with(lowerCaseName, value));
    }

    /** This head, but with these lines. */
    public ResponseHead with(Fields lines) {
        return new ResponseHead(status, reason, version, lines, bodyLength, keepAlive);
    }

    /** Whether this is an interim response, 1xx (RFC 9110 section 15.2), behind which a final one comes. */
    public boolean interim() {
        return status < 200 && !switchesProtocols();
    }

    /** Whether what follows is another protocol (RFC 9110 section 7.8). */
    public boolean switchesProtocols() {
        return status == 101;
    }
}
