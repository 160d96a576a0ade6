package com.esperr.gateway.http1;

/**
 * How much one decoder accepts. Immutable.
 *
 * @param startLine bytes of the request or status line without its CRLF
 * @param headerBytes bytes of all field lines with their CRLFs; for the trailers once more
 * @param headerCount number of field lines; for the trailers once more
 * @param body bytes of a body without chunk framing; {@code Long.MAX_VALUE} for responses
 */
public record DecoderLimits(int startLine, int headerBytes, int headerCount, long body) {
    /** More than anybody sends, and little enough that sums of positions stay numbers. */
    private static final int MOST = 1 << 26;

    /** Refuses limits that nothing could pass, or anything. */
    public DecoderLimits {
        if (startLine < 1 || startLine > MOST || headerBytes < 0 || headerBytes > MOST) {
            throw new IllegalArgumentException(
                    "head limits: " + startLine + ", " + headerBytes + " (expected: 1.." + MOST + ", 0.." + MOST + ")");
        }
        if (headerCount < 0 || body < 0) {
            throw new IllegalArgumentException(
                    "header count, body: " + headerCount + ", " + body + " (expected: not negative)");
        }
    }
}
