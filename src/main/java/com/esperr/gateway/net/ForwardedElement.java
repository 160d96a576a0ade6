package com.esperr.gateway.net;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Forwarded} list, read by the grammar of RFC 7239 4; the blanks around semicolons that its own examples
 * show are allowed. Keeps the {@code for} node only. Immutable.
 */
record ForwardedElement(@Nullable String node) {

    /** Reads the element that fills the given part of {@code line}, or answers null if that part is none. */
    static @Nullable ForwardedElement parse(String line, int from, int to) {
        return new Reader(line, from, to).read();
    }

    /** The address of the node, or null if the hop named none or hid it. */
    @Nullable
    IpAddress address() {
        if (node == null || node.isEmpty()) {
            return null;
        }
        if (node.charAt(0) == '[') {
            String plain = withoutHiddenPort(node);
            return NodeText.bracketed(plain, 0, plain.length());
        }
        int colon = node.indexOf(':');
        if (colon < 0) {
            return IpAddress.parseOrNull(node);
        }
        boolean portFine = isHiddenName(node, colon + 1) || NodeText.isPort(node, colon + 1, node.length());
        return portFine ? IpAddress.parseOrNull(node, 0, colon) : null;
    }

    private static String withoutHiddenPort(String node) {
        int close = node.indexOf("]:");
        return close >= 0 && isHiddenName(node, close + 2) ? node.substring(0, close + 1) : node;
    }

    /** {@code "_" 1*( ALPHA / DIGIT / "." / "_" / "-")}, RFC 7239 6.3. */
    private static boolean isHiddenName(String text, int from) {
        if (text.length() - from < 2 || text.charAt(from) != '_') {
            return false;
        }
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }

    static boolean isTokenChar(char c) {
        return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** One pass over one element; confined to {@link #parse}. */
    private static final class Reader {

        private final String line;
        private final int to;

        private int at;
        private @Nullable String node;

        Reader(String line, int from, int to) {
            this.line = line;
            this.to = NodeText.skipBlanksBack(line, from, to);
            this.at = NodeText.skipBlanks(line, from, this.to);
        }

        @Nullable
        ForwardedElement read() {
            while (at < to) {
                if (line.charAt(at) != ';' && !readPair()) {
                    return null;
                }
                at = NodeText.skipBlanks(line, at, to);
                if (at < to && line.charAt(at) != ';') {
                    return null;
                }
                at = NodeText.skipBlanks(line, at + 1, to);
            }
            return new ForwardedElement(node);
        }

        private boolean readPair() {
            String name = readToken().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || at >= to || line.charAt(at) != '=') {
                return false;
            }
            at++;
            String value = at < to && line.charAt(at) == '"' ? readQuoted() : readToken();
            if (value == null || (value.isEmpty() && line.charAt(at - 1) != '"')) {
                return false;
            }
            if (name.equals("for")) {
                if (node != null) {
                    return false; // RFC 7239 4: a parameter occurs once; two answers are none
                }
                node = value;
            }
            return true;
        }

        private String readToken() {
            int start = at;
            while (at < to && isTokenChar(line.charAt(at))) {
                at++;
            }
            return line.substring(start, at);
        }

        /** The content of a quoted string with its escapes undone, or null if it does not end. */
        private @Nullable String readQuoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < to; at++) {
                char c = line.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && ++at == to) {
                    return null;
                }
                value.append(line.charAt(at));
            }
            return null;
        }
    }
}
