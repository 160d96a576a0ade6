package com.esperr.gateway.testkit;

import java.nio.charset.StandardCharsets;

/**
 * Bytes of HTTP/1.1 as text and back: one char is one byte (ISO-8859-1), so nothing is lost on the way. Immutable, static only.
 */
public final class Wire {

    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Wire() {}

    /** The bytes of a text in which every char is one byte. */
    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text in which every char is one of these bytes. */
    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The text in printable form, for messages: {@code \r}, {@code \n}, {@code \t}, {@code \xHH}; at most 2,000 chars of it. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder();
        int shown = Math.min(text.length(), 2000);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c >= 0x20 && c < 0x7f) {
                        out.append(c);
                    } else {
                        out.append(String.format("\\x%02x", (int) c));
                    }
                }
            }
        }
        return shown < text.length() ? out + "… (" + text.length() + " bytes)" : out.toString();
    }

    /** Whether the text is an RFC 9110 token. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Wire::isTokenChar);
    }

    /** The text without the blanks and tabs around it, and without touching anything else. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isTokenChar(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c < 0x7f && TOKEN_PUNCTUATION.indexOf(c) >= 0);
    }
}
