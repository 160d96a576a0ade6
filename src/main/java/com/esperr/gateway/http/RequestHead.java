package com.esperr.gateway.http;

/**
 * The head of one request as it was received, its grammar and framing already proved. Immutable.
 *
 * @param method the method token, case kept
 * @param target the request target, byte-exact as ISO-8859-1
 * @param version the version in which it came
 * @param fields the header lines
 * @param bodyLength the length in bytes, or a constant of {@link BodyLength} (never {@code UNTIL_CLOSE})
 * @param keepAlive whether the client wants the connection kept (RFC 9112 section 9.3)
 * @param expectsContinue whether the client waits for 100 (Continue) before it sends the body
 */
public record RequestHead(
        String method,
        String target,
        HttpVersion version,
        Fields fields,
        long bodyLength,
        boolean keepAlive,
        boolean expectsContinue) {
    /** Whether a body follows. */
    public boolean hasBody() {
        return bodyLength != BodyLength.NONE;
    }
}
