package com.esperr.gateway.http;

/**
 * How the end of a message body is known, as one number so that heads stay small: a length of zero or more, or one of
 * the two constants (RFC 9112 section 6.3).
 */
public final class BodyLength {
    /** There is no body. */
    public static final long NONE = 0;
    /** The body is chunked. */
    public static final long CHUNKED = -1;
    /** The body of a response ends when the connection does. */
    public static final long UNTIL_CLOSE = -2;

    private BodyLength() {}
}
