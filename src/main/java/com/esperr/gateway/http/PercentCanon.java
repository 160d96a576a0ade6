package com.esperr.gateway.http;

import static com.esperr.gateway.http.PathRules.refused;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The percent-triplets of one path: unreserved characters decoded, the rest upper-cased, and everything refused that could be read
 * in two ways. Reads the raw path once; confined to the call that made it.
 */
final class PercentCanon {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final int TRIPLET = 3;

    private final String raw;
    private final PathOptions options;

    /** Up to here the bytes beyond ASCII were found to be UTF-8. */
    private int utf8Until;

    PercentCanon(String raw, PathOptions options) {
        this.raw = raw;
        this.options = options;
    }

    /** Appends the canonical spelling to {@code out}, or answers why there is none. */
    @Nullable
    PathRefusal writeTo(StringBuilder out) {
        int at = 0;
        while (at < raw.length()) {
            char c = raw.charAt(at);
            if (c != '%') {
                PathRefusal refusal = ofPlain(c);
                if (refusal != null) {
                    return refusal;
                }
                out.append(c);
                at++;
                continue;
            }
            int value = PathCharacters.hexByte(raw, at + 1);
            PathRefusal refusal = ofEncoded(value, at);
            if (refusal != null) {
                return refusal;
            }
            if (PathCharacters.isUnreserved(value)) {
                out.append((char) value);
            } else {
                out.append('%').append(HEX[value >> 4]).append(HEX[value & 0xf]);
            }
            at += TRIPLET;
        }
        return refused(options.doubleEncoding()) && holdsDoubleEncoding(out) ? PathRefusal.DOUBLE_ENCODED : null;
    }

    private @Nullable PathRefusal ofPlain(char c) {
        if (c == '\\') {
            return PathRefusal.BACKSLASH;
        }
        if (c == ';') {
            return refused(options.semicolon()) ? PathRefusal.SEMICOLON : null;
        }
        return PathCharacters.isPlain(c) ? null : PathRefusal.FORBIDDEN_CHARACTER;
    }

    private @Nullable PathRefusal ofEncoded(int value, int at) {
        if (value < 0) {
            return PathRefusal.MALFORMED_PERCENT;
        }
        if (value >= 0x80) {
            return at < utf8Until ? null : ofSequence(at, value);
        }
        if (PathCharacters.isControl(value)) {
            return PathRefusal.ENCODED_CONTROL;
        }
        return switch (value) {
            case '/' -> refused(options.encodedSlash()) ? PathRefusal.ENCODED_SLASH : null;
            case ';' -> refused(options.semicolon()) ? PathRefusal.SEMICOLON : null;
            case '\\' -> PathRefusal.ENCODED_BACKSLASH;
            default -> null;
        };
    }

    /** Reads the whole sequence that begins at {@code at}: one shortest form, no surrogate, no C1 control. */
    private @Nullable PathRefusal ofSequence(int at, int lead) {
        int length = sequenceLength(lead);
        if (length == 0) {
            return PathRefusal.INVALID_UTF8;
        }
        int codePoint = lead & (0x7f >> length);
        int next = at + TRIPLET;
        for (int i = 1; i < length; i++) {
            if (next >= raw.length() || raw.charAt(next) != '%') {
                return PathRefusal.INVALID_UTF8;
            }
            int value = PathCharacters.hexByte(raw, next + 1);
            if (value >> 6 != 0b10) {
                return value < 0 ? PathRefusal.MALFORMED_PERCENT : PathRefusal.INVALID_UTF8;
            }
            codePoint = codePoint << 6 | (value & 0x3f);
            next += TRIPLET;
        }
        utf8Until = next;
        return ofCodePoint(codePoint, length);
    }

    private static int sequenceLength(int lead) {
        if (lead >= 0xc2 && lead <= 0xdf) {
            return 2;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            return 3;
        }
        return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    }

    private static @Nullable PathRefusal ofCodePoint(int codePoint, int length) {
        if (codePoint < 0xa0) {
            return length == 2 ? PathRefusal.ENCODED_CONTROL : PathRefusal.INVALID_UTF8;
        }
        boolean overlong = length == 3 ? codePoint < 0x800 : length == 4 && codePoint < 0x1_0000;
        boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
        return overlong || surrogate || codePoint > 0x10_ffff ? PathRefusal.INVALID_UTF8 : null;
    }

    /** Looked for after decoding, because {@code %25%32%46} becomes {@code %252F} only then. */
    private static boolean holdsDoubleEncoding(StringBuilder canonical) {
        for (int at = canonical.indexOf("%25"); at >= 0; at = canonical.indexOf("%25", at + TRIPLET)) {
            int next = at + TRIPLET;
            boolean wide = next < canonical.length() && (canonical.charAt(next) | 0x20) == 'u';
            boolean again = wide
                    ? PathCharacters.hexByte(canonical, next + 1) >= 0
                            && PathCharacters.hexByte(canonical, next + 3) >= 0
                    : PathCharacters.hexByte(canonical, next) >= 0;
            if (again) {
                return true;
            }
        }
        return false;
    }

    /**
     * The path of a canonical spelling with every triplet decoded; the same instance if it has none. An encoded slash that was let
     * through is a slash here, and merges with its neighbours, because that is what it is to an origin that decodes first.
     */
    static String decoded(String canonical) {
        if (canonical.indexOf('%') < 0) {
            return canonical;
        }
        byte[] bytes = new byte[canonical.length()];
        int length = 0;
        for (int at = 0; at < canonical.length(); at++) {
            int value = canonical.charAt(at);
            if (value == '%') {
                value = PathCharacters.hexByte(canonical, at + 1);
                at += TRIPLET - 1;
            }
            if (value != '/' || length == 0 || bytes[length - 1] != '/') {
                bytes[length++] = (byte) value;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
