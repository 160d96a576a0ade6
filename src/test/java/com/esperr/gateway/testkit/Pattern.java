package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * An endless, reproducible byte sequence for bodies too large to keep. Its period is prime, so that a lost, doubled or displaced
 * buffer of any usual size changes the checksum. Immutable, static only.
 */
public final class Pattern {

    private static final byte[] BLOCK = block();

    private Pattern() {}

    /** Writes the first {@code count} bytes of the sequence. */
    public static void writeTo(OutputStream out, long count) throws IOException {
        long left = count;
        while (left > 0) {
            int step = (int) Math.min(left, BLOCK.length);
            out.write(BLOCK, 0, step);
            left -= step;
        }
    }

    /** The CRC-32 of the first {@code count} bytes of the sequence. */
    public static long crc32(long count) {
        CRC32 crc = new CRC32();
        long left = count;
        while (left > 0) {
            int step = (int) Math.min(left, BLOCK.length);
            crc.update(BLOCK, 0, step);
            left -= step;
        }
        return crc.getValue();
    }

    private static byte[] block() {
        byte[] block = new byte[65_521];
        new SplittableRandom(0x5eed).nextBytes(block);
        return block;
    }
}
