package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import io.netty.buffer.ByteBuf;

/** Reads one head after the other: a start line, field lines and the empty line. Confined to the event loop of its channel. */
final class HeadScanner {
    private static final byte[] NOTHING = new byte[0];

    private final HeadBytes bytes;
    private final StartLine line;
    private final FieldScanner fields;
    private boolean lineDone;
    private byte[] block = NOTHING;

    /** A scanner of heads that begin with {@code line}, which may take {@code spare} bytes over its limit. */
    HeadScanner(DecoderLimits limits, StartLine line, int spare, FailureReason malformed) {
        this.line = line;
        bytes = HeadBytes.atMost(spare + limits.startLine() + 2L + limits.headerBytes() + 2L);
        fields = FieldScanner.ofHeads(limits, malformed);
    }

    /** Prepares for the next head. */
    void begin() {
        lineDone = false;
        block = NOTHING;
        bytes.clear();
        line.begin();
    }

    /** Whether bytes were read and the head is not complete. */
    boolean begun() {
        return bytes.length() > 0;
    }

    /** Reads on, up to the end of the head. */
    Scan scan(ByteBuf in) {
        while (bytes.fill(in)) {
            Scan scan = lineDone ? Scan.DONE : scanLine();
            if (scan == Scan.DONE) {
                scan = fields.scan(bytes.bytes(), bytes.length());
            }
            if (scan == Scan.DONE) {
                block = bytes.finish(in, fields.end());
                return scan;
            }
            if (scan == Scan.BAD) {
                return scan;
            }
        }
        return Scan.MORE;
    }

    /** The bytes of the head, after {@code DONE}. */
    byte[] block() {
        return block;
    }

    /** Its lines, after {@code DONE}. */
    Fields fields() {
        return fields.fields(block);
    }

    /** Keeps nothing of the head before, because nothing comes for a while. */
    void forget() {
        fields.forget();
    }

    /** Why, after {@code BAD}. */
    BadMessage fault() {
        return lineDone ? fields.fault() : line.fault();
    }

    private Scan scanLine() {
        Scan scan = line.scan(bytes.bytes(), bytes.length());
        if (scan == Scan.DONE) {
            lineDone = true;
            fields.begin(line.end());
        }
        return scan;
    }
}
