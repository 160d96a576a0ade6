package com.esperr.gateway.http2;

import com.esperr.gateway.failure.FailureReason;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that stand for its request line (RFC 9113 section 8.3). They come first, each once, and none that is not
 * known; confined to the event loop of its connection. A CONNECT with {@code :protocol} (RFC 8441) asks for a WebSocket, and is what
 * HTTP/1.1 asks for one with: a GET.
 */
final class PseudoFields {
    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
    private static final AsciiString GET = AsciiString.cached("GET");

    private final boolean webSockets;
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString path;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString protocol;
    private FailureReason reason = FailureReason.MALFORMED_HEAD;
    private String detail = "";

    /** With {@code webSockets} one may be asked for. */
    PseudoFields(boolean webSockets) {
        this.webSockets = webSockets;
    }

    /** Reads them from the beginning of {@code list}; where the others begin, or less than zero if the list is refused. */
    int read(HeaderList list) {
        int i = 0;
        while (i < list.size() && list.name(i).length() > 0 && list.name(i).byteAt(0) == ':') {
            if (!take(list.name(i), list.value(i))) {
                return -1;
            }
            i++;
        }
        return complete() ? i : -1;
    }

    private boolean take(AsciiString name, AsciiString value) {
        if (!FieldRules.visible(value)) {
            return refuse(name + ": empty, or not visible ASCII (expected: one word)");
        }
        AsciiString before;
        if (name.contentEquals(METHOD)) {
            before = method;
            method = value;
        } else if (name.contentEquals(SCHEME)) {
            before = scheme;
            scheme = value;
        } else if (name.contentEquals(PATH)) {
            before = path;
            path = value;
        } else if (name.contentEquals(AUTHORITY)) {
            before = authority;
            authority = value;
        } else if (name.contentEquals(PROTOCOL)) {
            before = protocol;
            protocol = value;
        } else {
            return refuse("header list: a pseudo-header that is not known");
        }
        return before == null || refuse(name + ": repeated (expected: once)");
    }

    private boolean complete() {
        AsciiString asked = method;
        AsciiString target = path;
        if (asked == null || !FieldRules.token(asked)) {
            return refuse(":method: missing, or not a token");
        }
        boolean connect = asked.contentEqualsIgnoreCase("CONNECT");
        if (protocol != null && !connect) {
            return refuse(":protocol: without CONNECT (expected: CONNECT)");
        }
        if (connect && !webSocket()) {
            reason = FailureReason.UNSUPPORTED_METHOD;
            return refuse("method: CONNECT");
        }
        if (scheme == null || !(scheme.contentEquals("http") || scheme.contentEquals("https"))) {
            return refuse(":scheme: missing or unknown (expected: http or https)");
        }
        // Anything else would be an authority in HTTP/1.1, and one that outvotes the other.
        boolean rooted = target != null && target.byteAt(0) == '/';
        boolean asterisk = target != null && target.contentEquals("*") && asked.contentEquals("OPTIONS");
        if (!rooted && !asterisk) {
            return refuse(":path: missing, or of a form that HTTP/2 does not have (expected: /...)");
        }
        return true;
    }

    private boolean refuse(String why) {
        detail = why;
        return false;
    }

    /** Whether it asks for a WebSocket, and may. */
    boolean webSocket() {
        return webSockets && protocol != null && protocol.contentEqualsIgnoreCase("websocket");
    }

    /** The method as HTTP/1.1 has it. */
    AsciiString method() {
        return webSocket() ? GET : method == null ? AsciiString.EMPTY_STRING : method;
    }

    AsciiString path() {
        return path == null ? AsciiString.EMPTY_STRING : path;
    }

    /** Who is asked, or null if only a Host field could tell. */
    @Nullable
    AsciiString authority() {
        return authority;
    }

    /** What the refusal is called. */
    FailureReason reason() {
        return reason;
    }

    /** Why the list is refused. */
    String detail() {
        return detail;
    }
}
