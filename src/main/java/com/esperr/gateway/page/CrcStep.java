package com.esperr.gateway.page;

/**
 * What a piece of a page that is known beforehand does to the CRC-32 (RFC 1952 section 8) of the page: eight look-ups, however long it is. What a
 * CRC becomes is linear in what it was, so that each four bits of it add their own part. Immutable.
 */
final class CrcStep {
    /** The remainder before the first byte; the CRC-32 is the complement of the last one. */
    static final int START = -1;

    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int[] BYTES = new int[256];
    private static final int GROUPS = 8;
    private static final int VALUES = 16;

    static {
        for (int b = 0; b < BYTES.length; b++) {
            int rest = b;
            for (int bit = 0; bit < 8; bit++) {
                rest = (rest & 1) == 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL;
            }
            BYTES[b] = rest;
        }
    }

    private final int[] parts = new int[GROUPS * VALUES];
    private final int own;

    /** The step over {@code piece}. */
    CrcStep(byte[] piece) {
        own = over(0, piece);
        int[] bits = zeros(piece.length);
        for (int at = 0; at < parts.length; at++) {
            for (int bit = 0; bit < 4; bit++) {
                if (((at >> bit) & 1) != 0) {
                    parts[at] ^= bits[at / VALUES * 4 + bit];
                }
            }
        }
    }

    /** What so many zeros make of each bit of the remainder, by squaring. */
    private static int[] zeros(int count) {
        int[] power = new int[Integer.SIZE];
        int[] all = new int[Integer.SIZE];
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            power[bit] = over(1 << bit, new byte[1]);
            all[bit] = 1 << bit;
        }
        for (int rest = count; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                all = after(power, all);
            }
            power = after(power, power);
        }
        return all;
    }

    private static int[] after(int[] second, int[] first) {
        int[] both = new int[Integer.SIZE];
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            for (int rest = first[bit]; rest != 0; rest &= rest - 1) {
                both[bit] ^= second[Integer.numberOfTrailingZeros(rest)];
            }
        }
        return both;
    }

    /** The remainder behind the piece, of the one before it. */
    int over(int remainder) {
        int next = own;
        for (int group = 0; group < GROUPS; group++) {
            next ^= parts[group * VALUES + ((remainder >>> (4 * group)) & (VALUES - 1))];
        }
        return next;
    }

    /** The same for bytes that nobody knew before. */
    static int over(int remainder, byte[] bytes) {
        int next = remainder;
        for (byte b : bytes) {
            next = (next >>> 8) ^ BYTES[(next ^ b) & 0xFF];
        }
        return next;
    }
}
