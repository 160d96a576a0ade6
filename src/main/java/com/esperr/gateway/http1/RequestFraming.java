package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the body of a request ends and refuses every head on which two parsers could disagree about it (RFC 9112
 * section 6, CWE-444). Confined to the event loop of its decoder, which uses one for all its requests.
 */
final class RequestFraming {
    private final long maxBody;

    private int hosts;
    private final FramingLines lines = new FramingLines();
    private int expectations;
    private int expectLine;
    private @Nullable BadMessage fault;

    RequestFraming(long maxBody) {
        this.maxBody = maxBody;
    }

    /** The complete head, or null when it is refused. */
    @Nullable
    RequestHead head(String method, String target, int minorVersion, Fields fields) {
        fault = null;
        count(fields);
        long length = length(fields, minorVersion);
        if (fault == null && (hosts > 1 || (hosts == 0 && minorVersion > 0))) {
            refuse(FailureReason.INVALID_HOST, "host: missing or repeated (expected: one line)");
        }
        boolean expects = minorVersion > 0 && expectations > 0;
        if (fault == null
                && expects
                && (expectations > 1 || !fields.valueEqualsIgnoreCase(expectLine, "100-continue"))) {
            refuse(FailureReason.EXPECTATION_FAILED, "expect: unknown expectation (expected: 100-continue)");
        }
        if (fault == null && length > maxBody) {
            refuse(FailureReason.BODY_TOO_LARGE, "content-length: " + length + " (expected: at most " + maxBody + ")");
        }
        if (fault != null) {
            return null;
        }
        boolean keepAlive = lines.keepAlive(fields, minorVersion);
        return new RequestHead(
                method,
                target,
                HttpVersion.http1(minorVersion),
                fields,
                length,
                keepAlive,
                expects && length != BodyLength.NONE);
    }

    /** Why there is no head. */
    BadMessage fault() {
        return fault == null ? new BadMessage(FailureReason.AMBIGUOUS_FRAMING, "head: not read") : fault;
    }

    private void count(Fields fields) {
        lines.begin();
        hosts = 0;
        expectations = 0;
        for (int i = 0; i < fields.size(); i++) {
            FieldName name = fields.known(i);
            if (name == FieldName.HOST) {
                hosts++;
            } else if (name == FieldName.EXPECT) {
                expectations++;
                expectLine = i;
            } else if (name != null) {
                lines.count(name, i);
            }
        }
    }

    private long length(Fields fields, int minorVersion) {
        if (lines.codings() > 0) {
            return coded(fields, minorVersion);
        }
        if (lines.lengths() == 0) {
            return BodyLength.NONE;
        }
        long length = lines.lengths() == 1 ? FramingLines.length(fields, lines.lengthLine()) : -1;
        if (length < 0) {
            refuse(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "content-length: repeated or not a number (expected: 1 to 18 digits)");
        }
        return length;
    }

    private long coded(Fields fields, int minorVersion) {
        int line = lines.codingLine();
        if (lines.lengths() > 0 || lines.codings() > 1 || minorVersion == 0) {
            refuse(
                    FailureReason.AMBIGUOUS_FRAMING,
                    "transfer-encoding: repeated, with content-length or in HTTP/1.0 (expected: alone, in HTTP/1.1)");
        } else if (!fields.valueEqualsIgnoreCase(line, "chunked")) {
            refuse(
                    FramingLines.listsCodings(fields, line)
                            ? FailureReason.UNSUPPORTED_CODING
                            : FailureReason.AMBIGUOUS_FRAMING,
                    "transfer-encoding: not chunked (expected: chunked)");
        }
        return BodyLength.CHUNKED;
    }

    private void refuse(FailureReason reason, String detail) {
        fault = new BadMessage(reason, detail);
    }
}
