package com.esperr.gateway.net;

import org.jspecify.annotations.Nullable;

/** Addresses as proxies write them, with and without brackets and ports. Stateless. */
final class NodeText {

    private NodeText() {}

    static @Nullable IpAddress lenient(String text) {
        return lenient(text, 0, text.length());
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:99}, {@code 2001:db8::1}, {@code [2001:db8::1]}, {@code [2001:db8::1]:99}; else null. */
    static @Nullable IpAddress lenient(String text, int from, int to) {
        int start = skipBlanks(text, from, to);
        int end = skipBlanksBack(text, start, to);
        if (start < end && text.charAt(start) == '[') {
            return bracketed(text, start, end);
        }
        int colon = text.indexOf(':', start);
        boolean oneColon = colon >= 0 && colon < end && text.lastIndexOf(':', end - 1) == colon;
        if (!oneColon) {
            return IpAddress.parseOrNull(text, start, end);
        }
        return isPort(text, colon + 1, end) ? IpAddress.parseOrNull(text, start, colon) : null;
    }

    /** {@code [2001:db8::1]} or {@code [2001:db8::1]:99}; else null. */
    static @Nullable IpAddress bracketed(String text, int from, int to) {
        int close = text.indexOf(']', from);
        if (close < 0 || close >= to || text.lastIndexOf(':', close) < from) {
            return null;
        }
        boolean portFine = close + 1 == to || (text.charAt(close + 1) == ':' && isPort(text, close + 2, to));
        return portFine ? IpAddress.parseOrNull(text, from + 1, close) : null;
    }

    /** One to five digits (RFC 7239 6). */
    static boolean isPort(String text, int from, int to) {
        if (to - from < 1 || to - from > 5) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static boolean isBlank(String text, int from, int to) {
        return skipBlanks(text, from, to) == to;
    }

    static int skipBlanks(String text, int from, int to) {
        int at = from;
        while (at < to && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static int skipBlanksBack(String text, int from, int to) {
        int at = to;
        while (at > from && isBlank(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
