package com.esperr.gateway.http2;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http1.Octets;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What may stand in a field of HTTP/2 (RFC 9113 section 8.2). Stateless. */
final class FieldRules {
    private FieldRules() {}

    /** Why this field may not be in a list, behind the pseudo-headers, or null if it may. */
    static @Nullable String wrong(HeaderList list, int i) {
        AsciiString name = list.name(i);
        AsciiString value = list.value(i);
        if (!lowerToken(name)) {
            return name.length() > 0 && name.byteAt(0) == ':'
                    ? "header list: a pseudo-header behind other fields, or in trailers"
                    : "field name: empty, in upper case or not a token (expected: a token in lower case)";
        }
        if (!text(value)) {
            return "field value: CR, LF or NUL, or white space at an end (expected: none)";
        }
        FieldName known = list.known(i);
        if (ofConnections(known)) {
            return "field name: one of connections (expected: none in HTTP/2)";
        }
        if (known == FieldName.TE && !value.contentEqualsIgnoreCase("trailers")) {
            return "te: something else than trailers (expected: trailers)";
        }
        return null;
    }

    /** Whether a field with this name is one of a connection, which HTTP/2 has frames for. */
    static boolean ofConnections(@Nullable FieldName known) {
        return known != null
                && switch (known) {
                    case CONNECTION, PROXY_CONNECTION, KEEP_ALIVE, TRANSFER_ENCODING, UPGRADE, HTTP2_SETTINGS -> true;
                    default -> false;
                };
    }

    /** Whether all of {@code text} is a token. */
    static boolean token(AsciiString text) {
        int start = text.arrayOffset();
        int end = start + text.length();
        return start < end && Octets.skipToken(text.array(), start, end) == end;
    }

    private static boolean lowerToken(AsciiString text) {
        int start = text.arrayOffset();
        int end = start + text.length();
        return start < end && Octets.skipLowerToken(text.array(), start, end) == end;
    }

    /** Whether {@code text} is one word that could stand in a request line. */
    static boolean visible(AsciiString text) {
        int start = text.arrayOffset();
        int end = start + text.length();
        return start < end && Octets.skipVisible(text.array(), start, end) == end;
    }

    private static boolean text(AsciiString value) {
        byte[] bytes = value.array();
        int start = value.arrayOffset();
        int end = start + value.length();
        // Other control bytes are left to the reader of HTTP/1.1, which knows no more of them than that.
        for (int i = Octets.skipText(bytes, start, end); i < end; i++) {
            byte b = bytes[i];
            if (b == 0 || b == '\r' || b == '\n') {
                return false;
            }
        }
        return start == end || !(blank(bytes[start]) || blank(bytes[end - 1]));
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
