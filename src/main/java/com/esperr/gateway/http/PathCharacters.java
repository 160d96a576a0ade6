package com.esperr.gateway.http;

/** Classes of characters in request targets. Stateless. */
final class PathCharacters {

    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            PLAIN[c] = "%;\\#?".indexOf(c) < 0;
        }
    }

    private PathCharacters() {}

    /** Printable ASCII that means nothing special in a path, slash and dot included. */
    static boolean isPlain(char c) {
        return c < 128 && PLAIN[c];
    }

    /** RFC 3986 2.3: characters whose encoded and plain spellings are the same. */
    static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    static boolean isControl(int c) {
        return c < 0x20 || c == 0x7f;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The byte that two hexadecimal digits at {@code at} spell, or -1. */
    static int hexByte(CharSequence text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int upper = hexDigit(text.charAt(at));
        int lower = hexDigit(text.charAt(at + 1));
        return upper < 0 || lower < 0 ? -1 : upper << 4 | lower;
    }
}
