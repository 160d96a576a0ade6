package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the body of a response ends and refuses every head on which a client behind us could disagree (RFC 9112
 * section 6.3). Confined to the event loop of its decoder, which uses one for all its responses.
 */
final class ResponseFraming {
    private final FramingLines lines = new FramingLines();
    private String fault = "";
    private boolean withheld;

    /** The complete head, or null when it is refused. */
    @Nullable
    ResponseHead head(int status, String reason, int minorVersion, Fields fields, boolean toHead, boolean maySwitch) {
        lines.begin();
        for (int i = 0; i < fields.size(); i++) {
            FieldName name = fields.known(i);
            if (name != null) {
                lines.count(name, i);
            }
        }
        fault = "";
        long length = declaredLength(fields, minorVersion);
        if (status == 101 && fault.isEmpty() && (!maySwitch || minorVersion == 0)) {
            fault = "status: 101 (expected: no switch that was not asked for)";
        }
        if (!fault.isEmpty()) {
            return null;
        }
        if (status == 101) {
            return new ResponseHead(status, reason, HttpVersion.HTTP_1_1, fields, BodyLength.UNTIL_CLOSE, false);
        }
        boolean never = status < 200 || status == 204;
        // A server that declares a body where there can be none may well send one, so nothing behind it is trusted.
        boolean contradicts = never && (length > 0 || length == BodyLength.CHUNKED);
        // Of a 304 nobody expects a body unless it tells of one; a HEAD is answered with the fields of a GET.
        withheld = (toHead && length != 0) || (status == 304 && (length > 0 || length == BodyLength.CHUNKED));
        if (never || toHead || status == 304) {
            length = BodyLength.NONE;
        }
        boolean keepAlive = !contradicts && length != BodyLength.UNTIL_CLOSE && lines.keepAlive(fields, minorVersion);
        return new ResponseHead(status, reason, HttpVersion.http1(minorVersion), fields, length, keepAlive);
    }

    /** Whether the last head tells of a body, as it would have to without the rule that none comes. */
    boolean withheld() {
        return withheld;
    }

    /** Why there is no head. */
    BadMessage fault() {
        return new BadMessage(FailureReason.ORIGIN_MALFORMED, fault);
    }

    private long declaredLength(Fields fields, int minorVersion) {
        if (lines.codings() > 0) {
            if (lines.lengths() > 0 || lines.codings() > 1 || minorVersion == 0) {
                fault =
                        "transfer-encoding: repeated, with content-length or in HTTP/1.0 (expected: alone, in HTTP/1.1)";
            } else if (!fields.valueEqualsIgnoreCase(lines.codingLine(), "chunked")) {
                fault = "transfer-encoding: not chunked (expected: chunked)";
            }
            return BodyLength.CHUNKED;
        }
        if (lines.lengths() == 0) {
            return BodyLength.UNTIL_CLOSE;
        }
        long length = lines.lengths() == 1 ? FramingLines.length(fields, lines.lengthLine()) : -1;
        if (length < 0 && fault.isEmpty()) {
            fault = "content-length: repeated or not a number (expected: 1 to 18 digits)";
        }
        return length;
    }
}
