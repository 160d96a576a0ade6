package com.esperr.gateway.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * The pieces of an outline in the form of gzip (RFC 1952), each compressed once. What stands between them goes there as it is, in stored
 * blocks (RFC 1951 section 3.2.4), so that a flood is answered with small pages that nobody compresses. Immutable.
 */
final class Packed {
    private static final byte[] BEGINNING = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int STORED = 5;
    private static final int LONGEST_STORED = 0xFFFF;
    private static final int END = 8;

    private final byte[][] pieces;
    private final CrcStep[] steps;
    private final int plainLength;
    private final int length;

    /** Of the pieces {@code plain}, of which there is one more than there are places between them. */
    Packed(byte[][] plain) {
        pieces = new byte[plain.length][];
        steps = new CrcStep[plain.length];
        int before = 0;
        int after = BEGINNING.length + STORED * (plain.length - 1) + END;
        for (int i = 0; i < plain.length; i++) {
            pieces[i] = deflated(plain[i], i == plain.length - 1);
            steps[i] = new CrcStep(plain[i]);
            before += plain[i].length;
            after += pieces[i].length;
        }
        plainLength = before;
        length = after;
    }

    /** Whether {@code value} may stand between the pieces. */
    static boolean fits(byte[] value) {
        return value.length <= LONGEST_STORED;
    }

    /** The page in which {@code between} stands between the pieces; each fits. */
    byte[] page(byte[][] between) {
        int more = 0;
        for (byte[] value : between) {
            more += value.length;
        }
        ByteBuffer page = ByteBuffer.allocate(length + more).order(ByteOrder.LITTLE_ENDIAN);
        page.put(BEGINNING);
        int remainder = CrcStep.START;
        for (int i = 0; i < pieces.length; i++) {
            page.put(pieces[i]);
            remainder = steps[i].over(remainder);
            if (i < between.length) {
                short size = (short) between[i].length;
                page.put((byte) 0).putShort(size).putShort((short) ~size).put(between[i]);
                remainder = CrcStep.over(remainder, between[i]);
            }
        }
        page.putInt(~remainder).putInt(plainLength + more);
        return page.array();
    }

    /** {@code piece}, compressed by itself up to a whole byte. */
    private static byte[] deflated(byte[] piece, boolean last) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, /* nowrap= */ true);
        try {
            deflater.setInput(piece);
            if (last) {
                deflater.finish();
            }
            // What cannot be made smaller becomes larger by five bytes for each block.
            byte[] room = new byte[piece.length + piece.length / 64 + 64];
            int count = deflater.deflate(room, 0, room.length, Deflater.FULL_FLUSH);
            if (count == room.length) {
                throw new IllegalStateException("deflate: more than " + count + " bytes of " + piece.length);
            }
            return Arrays.copyOf(room, count);
        } finally {
            deflater.end();
        }
    }
}
