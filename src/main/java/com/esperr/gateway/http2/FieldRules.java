package com.esperr.gateway.http2;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** What may stand in a field of HTTP/2 (RFC 9113 section 8.2). Stateless. */
final class FieldRules {
    private static final boolean[] TOKEN = new boolean[256];

    /** Fields of the connection, which HTTP/2 has frames for. */
    private static final AsciiString[] OF_CONNECTIONS = {
        AsciiString.cached("connection"),
        AsciiString.cached("proxy-connection"),
        AsciiString.cached("keep-alive"),
        AsciiString.cached("transfer-encoding"),
        AsciiString.cached("upgrade"),
        AsciiString.cached("http2-settings")
    };

    private static final AsciiString TE = AsciiString.cached("te");

    static {
        String marks = "!#$%&'*+-.^_`|~";
        for (int c = 0; c < TOKEN.length; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            TOKEN[c] = letter || (c >= '0' && c <= '9') || marks.indexOf(c) >= 0;
        }
    }

    private FieldRules() {}

    /** Why this field may not be in a list, behind the pseudo-headers, or null if it may. */
    static @Nullable String wrong(AsciiString name, AsciiString value) {
        if (!lowerToken(name)) {
            return name.length() > 0 && name.byteAt(0) == ':'
                    ? "header list: a pseudo-header behind other fields, or in trailers"
                    : "field name: empty, in upper case or not a token (expected: a token in lower case)";
        }
        if (!text(value)) {
            return "field value: CR, LF or NUL, or white space at an end (expected: none)";
        }
        if (ofConnections(name)) {
            return "field name: one of connections (expected: none in HTTP/2)";
        }
        if (name.contentEquals(TE) && !value.contentEqualsIgnoreCase("trailers")) {
            return "te: something else than trailers (expected: trailers)";
        }
        return null;
    }

    /** Whether a field with this name, in lower case, is one of a connection. */
    static boolean ofConnections(AsciiString name) {
        for (AsciiString known : OF_CONNECTIONS) {
            if (name.contentEquals(known)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of {@code text} is a token. */
    static boolean token(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            if (!TOKEN[bytes[i] & 0xFF]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean lowerToken(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            byte b = bytes[i];
            if (!TOKEN[b & 0xFF] || (b >= 'A' && b <= 'Z')) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether {@code text} is one word that could stand in a request line. */
    static boolean visible(AsciiString text) {
        byte[] bytes = text.array();
        int end = text.arrayOffset() + text.length();
        for (int i = text.arrayOffset(); i < end; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7F) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean text(AsciiString value) {
        byte[] bytes = value.array();
        int start = value.arrayOffset();
        int end = start + value.length();
        for (int i = start; i < end; i++) {
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
