package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code HTTP/1.x SP 3DIGIT [SP reason] CRLF} (RFC 9112 section 4); the space in front of an empty reason may be
 * missing because servers omit it. It stops and continues at any byte. Confined to the event loop of its channel.
 */
final class StatusLineScanner implements StartLine {
    private static final String VERSION = "HTTP/1.d ddd";

    private enum State {
        VERSION,
        AFTER_STATUS,
        REASON,
        LINE_FEED
    }

    private final int maxBytes;
    private State state = State.VERSION;
    private int position;
    private int reasonEnd;
    private String detail = "status line: not read";

    /** A scanner of lines of at most {@code maxBytes} without CRLF. */
    StatusLineScanner(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void begin() {
        state = State.VERSION;
        position = 0;
    }

    @Override
    public Scan scan(byte[] bytes, int to) {
        int i = position;
        while (i < to) {
            switch (state) {
                case VERSION -> i = version(bytes, i);
                case AFTER_STATUS -> i = afterStatus(bytes, i);
                case REASON -> i = reason(bytes, i, to);
                case LINE_FEED -> {
                    if (bytes[i] != Octets.LF) {
                        refuse("status line: CR without LF");
                        return Scan.BAD;
                    }
                    position = i + 1;
                    return Scan.DONE;
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
        return new BadMessage(FailureReason.ORIGIN_MALFORMED, detail);
    }

    /** The minor version, after {@code DONE}. */
    int minorVersion(byte[] bytes) {
        return bytes[VERSION.indexOf('d')] - '0';
    }

    /** The status, after {@code DONE}. */
    int status(byte[] bytes) {
        int at = VERSION.length() - 3;
        return (bytes[at] - '0') * 100 + (bytes[at + 1] - '0') * 10 + (bytes[at + 2] - '0');
    }

    /** The reason phrase, after {@code DONE}; the usual ones are not made anew. */
    String reason(byte[] bytes) {
        int start = VERSION.length() + 1;
        int length = reasonEnd - start;
        if (length <= 0) {
            return "";
        }
        String usual = HttpResponseStatus.valueOf(status(bytes)).reasonPhrase();
        if (usual.length() == length) {
            int i = 0;
            while (i < length && bytes[start + i] == usual.charAt(i)) {
                i++;
            }
            if (i == length) {
                return usual;
            }
        }
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    private int version(byte[] bytes, int i) {
        char expected = VERSION.charAt(i);
        boolean fits = expected == 'd' ? Octets.digit(bytes[i]) : bytes[i] == expected;
        if (!fits || i >= maxBytes) {
            return refuse("status line: not HTTP/1.x and three digits (expected: HTTP/1.1 200)");
        }
        if (i == VERSION.length() - 1) {
            if (minorVersion(bytes) > 1 || status(bytes) < 100) {
                return refuse("status line: unknown version or status (expected: HTTP/1.0, HTTP/1.1; 100 to 999)");
            }
            state = State.AFTER_STATUS;
        }
        return i + 1;
    }

    private int afterStatus(byte[] bytes, int i) {
        if (bytes[i] == Octets.SP) {
            state = State.REASON;
        } else if (bytes[i] == Octets.CR) {
            reasonEnd = i;
            state = State.LINE_FEED;
        } else {
            return refuse("status line: no space behind the status");
        }
        return i + 1;
    }

    private int reason(byte[] bytes, int from, int to) {
        int i = Octets.skipText(bytes, from, Math.min(to, maxBytes + 1));
        if (i > maxBytes) {
            return refuse("status line: longer than " + maxBytes + " bytes (expected: shorter)");
        }
        if (i == to) {
            return i;
        }
        if (bytes[i] != Octets.CR) {
            return refuse("status line: control byte or bare LF");
        }
        reasonEnd = i;
        state = State.LINE_FEED;
        return i + 1;
    }

    private int refuse(String what) {
        detail = what;
        return -1;
    }
}
