package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's head that is there as a whole, so that a head which came in another form is held to the same grammar, limits
 * and framing as one that came as HTTP/1.1. Confined to the event loop of its connection, which uses one for all its requests.
 */
public final class RequestHeadReader {
    private final RequestLineScanner line;
    private final FieldScanner fields;
    private final RequestFraming framing;
    private BadMessage fault = new BadMessage(FailureReason.MALFORMED_HEAD, "head: not read");

    /** A reader of heads within {@code limits}. */
    public RequestHeadReader(DecoderLimits limits) {
        line = new RequestLineScanner(limits.startLine());
        fields = FieldScanner.ofHeads(limits, FailureReason.MALFORMED_HEAD);
        framing = new RequestFraming(limits.body());
    }

    /** The head that {@code block}, which is given away, consists of, or null if it is refused. */
    public @Nullable RequestHead read(byte[] block) {
        line.begin();
        if (line.scan(block, block.length) != Scan.DONE) {
            fault = line.fault();
            return null;
        }
        fields.begin(line.end());
        if (fields.scan(block, block.length) != Scan.DONE) {
            fault = fields.fault();
            return null;
        }
        if (fields.end() != block.length) {
            fault = new BadMessage(FailureReason.MALFORMED_HEAD, "head: ends before its last byte");
            return null;
        }
        RequestHead head =
                framing.head(line.method(block), line.target(block), line.minorVersion(block), fields.fields(block));
        if (head == null) {
            fault = framing.fault();
        }
        return head;
    }

    /** Nothing comes for a while: what was kept to know the next head again is let go. */
    public void idle() {
        fields.forget();
    }

    /** Why there is no head. */
    public BadMessage fault() {
        return fault;
    }
}
