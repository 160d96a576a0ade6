package com.esperr.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are compressed but for what differs, as others read them. */
class PackedTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(byte[] gzip) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatStandsBetweenThePiecesIsReadWithThem() throws IOException {
        Packed packed = new Packed(new byte[][] {bytes("<p>a a a a a a a</p>"), bytes(""), bytes("<p>a a a a a</p>")});

        assertThat(read(packed.page(new byte[][] {bytes("one"), bytes("Zoë")})))
                .isEqualTo("<p>a a a a a a a</p>oneZoë<p>a a a a a</p>");
        assertThat(read(packed.page(new byte[][] {bytes(""), bytes("")})))
                .isEqualTo("<p>a a a a a a a</p><p>a a a a a</p>");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255, 256, 0x7FFF, 0x8000, 0xFFFF})
    void itMayBeAsLongAsAStoredBlock(int length) throws IOException {
        byte[] value = bytes("x".repeat(length));
        assertThat(Packed.fits(value)).isTrue();
        assertThat(read(new Packed(new byte[][] {bytes("<"), bytes(">")}).page(new byte[][] {value})))
                .isEqualTo("<" + "x".repeat(length) + ">");
        assertThat(Packed.fits(new byte[0x10000])).isFalse();
    }

    @Test
    void aPieceThatCannotBeMadeSmallerIsWholeToo() throws IOException {
        Random random = new Random(7);
        StringBuilder noise = new StringBuilder();
        while (noise.length() < 200_000) {
            noise.append((char) (1 + random.nextInt(0x7ff)));
        }
        Packed packed = new Packed(new byte[][] {bytes(noise.toString()), bytes(noise.toString())});

        assertThat(read(packed.page(new byte[][] {bytes("-")}))).isEqualTo(noise + "-" + noise);
    }
}
