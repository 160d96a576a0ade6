package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response's head that is there as a whole, so that a head which came in another form is held to the same grammar, limits
 * and framing as one that came as HTTP/1.1. Confined to the event loop of its connection, which uses one for all its responses.
 */
public final class ResponseHeadReader {
    private final StatusLineScanner line;
    private final FieldScanner fields;
    private final ResponseFraming framing = new ResponseFraming();
    private BadMessage fault = new BadMessage(FailureReason.ORIGIN_MALFORMED, "head: not read");

    /** A reader of heads within {@code limits}. */
    public ResponseHeadReader(DecoderLimits limits) {
        line = new StatusLineScanner(limits.startLine());
        fields = FieldScanner.ofHeads(limits, FailureReason.ORIGIN_MALFORMED);
    }

    /**
     * The head that {@code block}, which is given away, consists of, or null if it is refused.
     *
     * @param toHead whether it answers a HEAD
     */
    public @Nullable ResponseHead read(byte[] block, boolean toHead) {
        line.begin();
        if (line.scan(block, block.length) != Scan.DONE) {
            return refuse(line.fault());
        }
        fields.begin(line.end());
        if (fields.scan(block, block.length) != Scan.DONE) {
            return refuse(fields.fault());
        }
        if (fields.end() != block.length) {
            return refuse(new BadMessage(FailureReason.ORIGIN_MALFORMED, "head: ends before its last byte"));
        }
        ResponseHead head = framing.head(
                line.status(block), line.reason(block), line.minorVersion(block), fields.fields(block), toHead, false);
        return head == null ? refuse(framing.fault()) : head;
    }

    private @Nullable ResponseHead refuse(BadMessage why) {
        fault = new BadMessage(FailureReason.ORIGIN_MALFORMED, why.detail());
        return null;
    }

    /** Why there is no head. */
    public BadMessage fault() {
        return fault;
    }
}
