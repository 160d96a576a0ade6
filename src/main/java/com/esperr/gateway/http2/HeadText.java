package com.esperr.gateway.http2;

import com.esperr.gateway.http.FieldName;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Writes a header list as the lines that HTTP/1.1 has for it. It trusts the list, which was proved before; confined to the event
 * loop of its connection.
 */
final class HeadText {
    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString HOST = AsciiString.cached("host");

    private static final AsciiString VERSION = AsciiString.cached(" HTTP/1.1\r\n");
    private static final AsciiString STATUS_LINE = AsciiString.cached("HTTP/1.1 ");
    private static final AsciiString COLON = AsciiString.cached(": ");
    private static final AsciiString CRLF = AsciiString.cached("\r\n");
    private static final AsciiString CRUMB = AsciiString.cached("; ");
    private static final int PER_LINE = 4;

    private final byte[] bytes;
    private int length;

    private HeadText(int size) {
        bytes = new byte[size];
    }

    /**
     * A whole head, its fields from {@code regular} on. The lines of a cookie that was cut into crumbs are one again (RFC 9113
     * section 8.2.3).
     */
    static byte[] head(PseudoFields pseudo, @Nullable AsciiString host, HeaderList list, int regular, int crumbs) {
        int size = pseudo.method().length() + 1 + pseudo.path().length() + VERSION.length() + CRLF.length();
        size += host == null ? 0 : HOST.length() + host.length() + PER_LINE;
        size += crumbs == 0 ? 0 : COOKIE.length() + PER_LINE + (crumbs - 1) * CRUMB.length();
        for (int i = regular; i < list.size(); i++) {
            FieldName known = list.known(i);
            if (known == FieldName.COOKIE) {
                size += list.value(i).length();
            } else if (known != FieldName.HOST) {
                size += list.name(i).length() + list.value(i).length() + PER_LINE;
            }
        }
        HeadText text = new HeadText(size);
        text.put(pseudo.method());
        text.bytes[text.length++] = ' ';
        text.put(pseudo.path());
        text.put(VERSION);
        if (host != null) {
            text.line(HOST, host);
        }
        for (int i = regular; i < list.size(); i++) {
            FieldName known = list.known(i);
            if (known != FieldName.COOKIE && known != FieldName.HOST) {
                text.line(list.name(i), list.value(i));
            }
        }
        if (crumbs > 0) {
            text.cookie(list, regular);
        }
        text.put(CRLF);
        return text.bytes;
    }

    /** The whole head of a response, its fields behind {@code status}, the first. */
    static byte[] response(AsciiString status, HeaderList list) {
        int size = STATUS_LINE.length() + status.length() + 1 + 2 * CRLF.length();
        for (int i = 1; i < list.size(); i++) {
            size += list.name(i).length() + list.value(i).length() + PER_LINE;
        }
        HeadText text = new HeadText(size);
        text.put(STATUS_LINE);
        text.put(status);
        text.bytes[text.length++] = ' ';
        text.put(CRLF);
        for (int i = 1; i < list.size(); i++) {
            text.line(list.name(i), list.value(i));
        }
        text.put(CRLF);
        return text.bytes;
    }

    /** Trailers, with the empty line behind them. */
    static byte[] trailers(HeaderList list) {
        int size = CRLF.length();
        for (int i = 0; i < list.size(); i++) {
            size += list.name(i).length() + list.value(i).length() + PER_LINE;
        }
        HeadText text = new HeadText(size);
        for (int i = 0; i < list.size(); i++) {
            text.line(list.name(i), list.value(i));
        }
        text.put(CRLF);
        return text.bytes;
    }

    private void cookie(HeaderList list, int regular) {
        put(COOKIE);
        put(COLON);
        boolean first = true;
        for (int i = regular; i < list.size(); i++) {
            if (list.known(i) == FieldName.COOKIE) {
                if (!first) {
                    put(CRUMB);
                }
                first = false;
                put(list.value(i));
            }
        }
        put(CRLF);
    }

    private void line(AsciiString name, AsciiString value) {
        put(name);
        bytes[length++] = ':';
        bytes[length++] = ' ';
        put(value);
        bytes[length++] = '\r';
        bytes[length++] = '\n';
    }

    private void put(AsciiString text) {
        System.arraycopy(text.array(), text.arrayOffset(), bytes, length, text.length());
        length += text.length();
    }
}
