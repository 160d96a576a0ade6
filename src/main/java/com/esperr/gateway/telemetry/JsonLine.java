package com.esperr.gateway.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON object as UTF-8 on one line, into a buffer that is used again for the next. Whatever the texts hold, the
 * line stays one line and well-formed, and shows a terminal nothing it would obey: control and format characters (C0, DEL,
 * C1, bidirectional overrides, line separators) are escaped, halves of surrogate pairs become U+FFFD. Confined to one
 * thread.
 */
final class JsonLine {
    /** What one char can become at the most: a backslash, u and four digits. */
    private static final int WIDEST = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    /** Per ASCII character 0 to stand as it is, 'u' for the long escape, else the letter of the short one. */
    private static final byte[] ESCAPES = new byte[128];

    private static final int REPLACEMENT = 0xfffd;
    private static final int ELLIPSIS = 0x2026;

    static {
        Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
        ESCAPES[0x7f] = 'u';
        ESCAPES['\b'] = 'b';
        ESCAPES['\t'] = 't';
        ESCAPES['\n'] = 'n';
        ESCAPES['\f'] = 'f';
        ESCAPES['\r'] = 'r';
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
    }

    private byte[] bytes = new byte[1024];
    private int length;

    /** Begins a new line, forgetting the last one. */
    void begin() {
        length = 0;
        bytes[length++] = '{';
    }

    /** Ends the line and answers a copy of it, with its line feed. */
    byte[] end() {
        reserve(2);
        bytes[length++] = '}';
        bytes[length++] = '\n';
        return Arrays.copyOf(bytes, length);
    }

    /** Begins a nested object. */
    void open(LogField field) {
        name(field, 1);
        bytes[length++] = '{';
    }

    /** Ends the innermost object. */
    void close() {
        reserve(1);
        bytes[length++] = '}';
    }

    /** Adds a text of at most {@code limit} chars; the rest is cut off and an ellipsis says so. */
    void text(LogField field, String value, int limit) {
        int end = value.length() <= limit ? value.length() : cut(value, limit);
        name(field, end * WIDEST + 5);
        byte[] to = bytes;
        int at = length;
        to[at++] = '"';
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c >= 128) {
                length = at;
                i += wide(value, i, end);
                at = length;
            } else if (ESCAPES[c] == 0) {
                to[at++] = (byte) c;
            } else {
                at = escape(to, at, c);
            }
        }
        length = at;
        if (end < value.length()) {
            encode(ELLIPSIS);
        }
        bytes[length++] = '"';
    }

    /** Adds a text that is known to need no escaping: one of our own words. */
    void word(LogField field, String word) {
        name(field, word.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < word.length(); i++) {
            bytes[length++] = (byte) word.charAt(i);
        }
        bytes[length++] = '"';
    }

    /** Adds a text of ASCII bytes that is known to need no escaping. */
    void word(LogField field, byte[] word) {
        name(field, word.length + 2);
        bytes[length++] = '"';
        System.arraycopy(word, 0, bytes, length, word.length);
        length += word.length;
        bytes[length++] = '"';
    }

    /** Adds a whole number that is not negative; a negative one is written as 0. */
    void number(LogField field, long value) {
        name(field, 20);
        long rest = Math.max(0, value);
        int digits = 1;
        for (long power = rest; power >= 10; power /= 10) {
            digits++;
        }
        int at = length + digits;
        length = at;
        do {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    /** Adds true or false. */
    void flag(LogField field, boolean value) {
        byte[] word = value ? TRUE : FALSE;
        name(field, word.length);
        System.arraycopy(word, 0, bytes, length, word.length);
        length += word.length;
    }

    private void name(LogField field, int room) {
        byte[] prefix = field.prefix();
        reserve(1 + prefix.length + room);
        if (bytes[length - 1] != '{') {
            bytes[length++] = ',';
        }
        System.arraycopy(prefix, 0, bytes, length, prefix.length);
        length += prefix.length;
    }

    private void reserve(int room) {
        if (bytes.length - length < room) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + room));
        }
    }

    private static int cut(String value, int limit) {
        return limit > 0 && Character.isHighSurrogate(value.charAt(limit - 1)) ? limit - 1 : limit;
    }

    private static int escape(byte[] to, int start, char c) {
        int at = start;
        byte letter = ESCAPES[c];
        to[at++] = '\\';
        to[at++] = letter;
        if (letter == 'u') {
            to[at++] = '0';
            to[at++] = '0';
            to[at++] = HEX[c >> 4];
            to[at++] = HEX[c & 15];
        }
        return at;
    }

    /** Writes the character at {@code i} that is not ASCII and answers how many chars beyond the first it took. */
    private int wide(String value, int i, int end) {
        char c = value.charAt(i);
        if (!Character.isSurrogate(c)) {
            show(c);
            return 0;
        }
        if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(value.charAt(i + 1))) {
            show(Character.toCodePoint(c, value.charAt(i + 1)));
            return 1;
        }
        encode(REPLACEMENT);
        return 0;
    }

    private void show(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {
                for (char unit : Character.toChars(codePoint)) {
                    escapeUnit(unit);
                }
            }
            default -> encode(codePoint);
        }
    }

    private void escapeUnit(char unit) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(unit >> shift) & 15];
        }
    }

    private void encode(int codePoint) {
        if (codePoint < 0x800) {
            bytes[length++] = (byte) (0xc0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                bytes[length++] = (byte) (0xe0 | (codePoint >> 12));
            } else {
                bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
                bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
            }
            bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
        }
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3f));
    }
}
