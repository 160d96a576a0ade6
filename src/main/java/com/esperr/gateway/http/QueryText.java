package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;

/** The encoding of names and values in a query string ({@code application/x-www-form-urlencoded}). Stateless. */
final class QueryText {

    private QueryText() {}

    /** Whether a part is its own decoded form. */
    static boolean isPlain(String raw, int from, int to) {
        for (int i = from; i < to; i++) {
            if (raw.charAt(i) == '%' || raw.charAt(i) == '+') {
                return false;
            }
        }
        return true;
    }

    /** The decoded form of a part; bytes that are not UTF-8 become U+FFFD. */
    static String decoded(String raw, int from, int to) {
        if (isPlain(raw, from, to)) {
            return raw.substring(from, to);
        }
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            int value = raw.charAt(i);
            if (value == '+') {
                value = ' ';
            } else if (value == '%' && i + 2 < to && PathCharacters.hexByte(raw, i + 1) >= 0) {
                value = PathCharacters.hexByte(raw, i + 1);
                i += 2;
            }
            bytes[length++] = (byte) value;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
