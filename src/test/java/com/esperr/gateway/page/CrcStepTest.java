package com.esperr.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CRC-32 of a page whose pieces are known, beside that of the JDK. */
class CrcStepTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 7, 64, 1000, 40_000})
    void aStepOverAPieceIsWhatItsBytesDo(int length) {
        Random random = new Random(length);
        byte[] before = bytes(random, 1 + random.nextInt(50));
        byte[] piece = bytes(random, length);
        byte[] after = bytes(random, random.nextInt(50));
        CRC32 expected = new CRC32();
        expected.update(before);
        expected.update(piece);
        expected.update(after);

        int remainder = CrcStep.over(CrcStep.START, before);
        remainder = CrcStep.over(new CrcStep(piece).over(remainder), after);

        assertThat(Integer.toUnsignedLong(~remainder)).isEqualTo(expected.getValue());
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
