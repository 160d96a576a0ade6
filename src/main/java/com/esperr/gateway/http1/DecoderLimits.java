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
    /** Refuses limits nothing could pass. */
    public DecoderLimits {
        if (startLine < 1 || headerBytes < 0 || headerCount < 0 || body < 0) {
            throw new IllegalArgumentException("limits: " + startLine + ", " + headerBytes + ", " + headerCount + ", "
                    + body + " (expected: a positive start line, the rest not negative)");
        }
    }
}
