package com.esperr.gateway.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Which byte may stand where (RFC 9110 section 5.6, RFC 9112), as one table, and scans that read eight at a time. Immutable. */
public final class Octets {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte HTAB = '\t';

    private static final int TOKEN = 1;
    private static final int TEXT = 2;
    private static final int VISIBLE = 4;
    private static final int DIGIT = 8;
    private static final int LOWER_TOKEN = 16;

    private static final byte[] CLASS = new byte[256];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    /** The bit by which a letter in upper case differs from the same one in lower case. */
    private static final long CASE = 0x20 * ONES;

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            int flags = alphanumeric || (c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) ? TOKEN : 0;
            flags |= c == HTAB || (c >= SP && c != 0x7F) ? TEXT : 0;
            flags |= c > SP && c < 0x7F ? VISIBLE : 0;
            flags |= c >= '0' && c <= '9' ? DIGIT : 0;
            flags |= (flags & TOKEN) != 0 && !(c >= 'A' && c <= 'Z') ? LOWER_TOKEN : 0;
            CLASS[c] = (byte) flags;
        }
    }

    private Octets() {}

    /** A byte of a token. */
    static boolean token(byte b) {
        return (CLASS[b & 0xFF] & TOKEN) != 0;
    }

    /** A byte of a field value: HTAB, SP, visible ASCII or obs-text. */
    static boolean text(byte b) {
        return (CLASS[b & 0xFF] & TEXT) != 0;
    }

    /** Visible ASCII. */
    static boolean visible(byte b) {
        return (CLASS[b & 0xFF] & VISIBLE) != 0;
    }

    /** A decimal digit. */
    static boolean digit(byte b) {
        return (CLASS[b & 0xFF] & DIGIT) != 0;
    }

    /** SP or HTAB. */
    static boolean blank(byte b) {
        return b == SP || b == HTAB;
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The lower-case form of an ASCII letter, and every other byte as it is. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }

    /** The first position in {@code [from, to)} that holds no token byte, or {@code to}. */
    public static int skipToken(byte[] bytes, int from, int to) {
        return skipName(bytes, from, to, CASE, TOKEN);
    }

    /** The first position in {@code [from, to)} that holds no token byte or a letter in upper case, or {@code to}. */
    public static int skipLowerToken(byte[] bytes, int from, int to) {
        return skipName(bytes, from, to, 0, LOWER_TOKEN);
    }

    /** Of letters and hyphens eight at a time, as names are made of them, and one at a time from anything else on. */
    private static int skipName(byte[] bytes, int from, int to, long fold, int flag) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) LONGS.get(bytes, i);
            long seven = word & ~HIGH;
            long folded = seven | fold;
            // Without their high bits no byte carries into the next one.
            long letters = (folded + (0x80 - 'a') * ONES) & ~(folded + (0x7F - 'z') * ONES);
            long hyphens = ~((seven ^ '-' * ONES) + 0x7F * ONES);
            long stops = (word | ~(letters | hyphens)) & HIGH;
            if (stops != 0) {
                i += Long.numberOfTrailingZeros(stops) >>> 3;
                break;
            }
        }
        while (i < to && (CLASS[bytes[i] & 0xFF] & flag) != 0) {
            i++;
        }
        return i;
    }

    /** The first position in {@code [from, to)} that holds no byte of a field value, or {@code to}. */
    public static int skipText(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) LONGS.get(bytes, i);
            long del = word ^ (0x7F * ONES);
            // Bytes below SP or equal to DEL set their high bit; borrows only disturb bytes behind a true hit.
            long stops = (((word - SP * ONES) & ~word) | ((del - ONES) & ~del)) & HIGH;
            if (stops != 0) {
                i += Long.numberOfTrailingZeros(stops) >>> 3;
                break;
            }
        }
        while (i < to && (CLASS[bytes[i] & 0xFF] & TEXT) != 0) {
            i++;
        }
        return i;
    }

    /** The first position in {@code [from, to)} that holds no visible ASCII, or {@code to}. */
    public static int skipVisible(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) LONGS.get(bytes, i);
            long stops = (((word - (SP + 1) * ONES) & ~word) | word | (word + ONES)) & HIGH;
            if (stops != 0) {
                return i + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (i < to && (CLASS[bytes[i] & 0xFF] & VISIBLE) != 0) {
            i++;
        }
        return i;
    }
}
