package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code method SP target SP HTTP/d.d CRLF} (RFC 9112 section 3), after at most two empty lines. It stops and
 * continues at any byte and looks at each byte once. Confined to the event loop of its channel.
 */
final class RequestLineScanner implements StartLine {
    /** The most bytes the empty lines in front may take. */
    static final int BLANK_BYTES = 4;

    private static final int METHOD_BYTES = 32;
    private static final String VERSION = "HTTP/d.d";
    private static final String[] METHODS = {"GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "PATCH"};

    private enum State {
        START,
        EMPTY_LINE_FEED,
        METHOD,
        TARGET,
        VERSION,
        LINE_FEED
    }

    private final int maxBytes;
    private State state = State.START;
    private int emptyLines;
    private int position;
    private int start;
    private int methodEnd;
    private int targetEnd;
    private @Nullable BadMessage fault;

    /** A scanner of lines of at most {@code maxBytes} without CRLF. */
    RequestLineScanner(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void begin() {
        state = State.START;
        emptyLines = 0;
        position = 0;
        fault = null;
    }

    /** Whether a byte of the line itself was read; empty lines in front do not count. */
    boolean started() {
        return state.compareTo(State.METHOD) >= 0;
    }

    @Override
    public Scan scan(byte[] bytes, int to) {
        int i = position;
        while (i < to) {
            switch (state) {
                case START -> i = start(bytes, i);
                case EMPTY_LINE_FEED -> i = emptyLineFeed(bytes, i);
                case METHOD -> i = method(bytes, i, to);
                case TARGET -> i = target(bytes, i, to);
                case VERSION -> i = version(bytes, i, to);
                case LINE_FEED -> {
                    if (bytes[i] != Octets.LF) {
                        malformed("request line: CR without LF");
                        return Scan.BAD;
                    }
                    position = i + 1;
                    return acceptable(bytes) ? Scan.DONE : Scan.BAD;
                }
            }
            if (i < 0) {
                return Scan.BAD;
            }
        }
        position = i;
        return Scan.MORE;
    }

    @Override
    public int end() {
        return position;
    }

    @Override
    public BadMessage fault() {
        return fault == null ? new BadMessage(FailureReason.MALFORMED_HEAD, "request line: not read") : fault;
    }

    /** The method, after {@code DONE}. */
    String method(byte[] bytes) {
        for (String known : METHODS) {
            if (equal(bytes, start, methodEnd, known)) {
                return known;
            }
        }
        return new String(bytes, start, methodEnd - start, StandardCharsets.ISO_8859_1);
    }

    /** The target, after {@code DONE}. */
    String target(byte[] bytes) {
        return new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
    }

    /** The minor version, after {@code DONE}. */
    int minorVersion(byte[] bytes) {
        return bytes[targetEnd + VERSION.length()] - '0';
    }

    private int start(byte[] bytes, int i) {
        if (bytes[i] != Octets.CR) {
            start = i;
            state = State.METHOD;
            return i;
        }
        if (emptyLines == BLANK_BYTES / 2) {
            return malformed("request line: three empty lines in front (expected: at most two)");
        }
        state = State.EMPTY_LINE_FEED;
        return i + 1;
    }

    private int emptyLineFeed(byte[] bytes, int i) {
        if (bytes[i] != Octets.LF) {
            return malformed("request line: CR without LF");
        }
        emptyLines++;
        state = State.START;
        return i + 1;
    }

    private int method(byte[] bytes, int from, int to) {
        int i = Octets.skipToken(bytes, from, Math.min(to, start + Math.min(METHOD_BYTES, maxBytes) + 1));
        if (i - start > maxBytes) {
            return tooLong();
        }
        if (i - start > METHOD_BYTES) {
            return refuse(FailureReason.UNSUPPORTED_METHOD, "method: too long (expected: at most 32 bytes)");
        }
        if (i == to) {
            return i;
        }
        if (bytes[i] != Octets.SP || i == start) {
            return malformed("method: empty or not a token (expected: token and one space)");
        }
        methodEnd = i;
        state = State.TARGET;
        return withinLimit(i + 1);
    }

    private int target(byte[] bytes, int from, int to) {
        int i = Octets.skipVisible(bytes, from, Math.min(to, start + maxBytes + 1));
        if (i - start > maxBytes) {
            return tooLong();
        }
        if (i == to) {
            return i;
        }
        if (bytes[i] != Octets.SP || i == methodEnd + 1) {
            return malformed("request target: empty or not visible ASCII (expected: one word and one space)");
        }
        targetEnd = i;
        state = State.VERSION;
        return withinLimit(i + 1);
    }

    private int version(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            int at = i - targetEnd - 1;
            if (at == VERSION.length()) {
                if (bytes[i] != Octets.CR) {
                    return malformed("version: longer than HTTP/d.d (expected: HTTP/1.1)");
                }
                state = State.LINE_FEED;
                return i + 1;
            }
            char expected = VERSION.charAt(at);
            if (expected == 'd' ? !Octets.digit(bytes[i]) : bytes[i] != expected) {
                return malformed("version: not HTTP/d.d (expected: HTTP/1.1)");
            }
            if (i - start >= maxBytes) {
                return tooLong();
            }
        }
        return to;
    }

    private boolean acceptable(byte[] bytes) {
        int minor = minorVersion(bytes);
        if (bytes[targetEnd + VERSION.length() - 2] != '1' || minor > 1) {
            refuse(FailureReason.UNSUPPORTED_VERSION, "version: neither HTTP/1.0 nor HTTP/1.1");
            return false;
        }
        // Origins exist that ignore the case of methods, so what they might take for these is refused as these.
        if (equalIgnoringCase(bytes, "CONNECT")) {
            refuse(FailureReason.UNSUPPORTED_METHOD, "method: CONNECT");
            return false;
        }
        if (equalIgnoringCase(bytes, "TRACE")) {
            refuse(FailureReason.METHOD_NOT_ALLOWED, "method: TRACE");
            return false;
        }
        return true;
    }

    private boolean equalIgnoringCase(byte[] bytes, String method) {
        return methodEnd - start == method.length()
                && new String(bytes, start, methodEnd - start, StandardCharsets.ISO_8859_1)
                        .toUpperCase(Locale.ROOT)
                        .equals(method);
    }

    private static boolean equal(byte[] bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int withinLimit(int i) {
        return i - start > maxBytes ? tooLong() : i;
    }

    private int tooLong() {
        return refuse(
                FailureReason.URI_TOO_LONG, "request line: longer than " + maxBytes + " bytes (expected: shorter)");
    }

    private int malformed(String detail) {
        return refuse(FailureReason.MALFORMED_HEAD, detail);
    }

    private int refuse(FailureReason reason, String detail) {
        fault = new BadMessage(reason, detail);
        return -1;
    }
}
