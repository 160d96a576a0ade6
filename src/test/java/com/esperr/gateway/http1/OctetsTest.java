package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scans that read eight bytes at a time agree with the table that looks at one. */
class OctetsTest {

    @Test
    void everyByteHasItsClasses() {
        for (int c = 0; c < 256; c++) {
            byte b = (byte) c;
            boolean letter = Character.isLetterOrDigit(c) && c < 128;
            assertThat(Octets.token(b)).as("%s", c).isEqualTo(letter || (c > 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
            assertThat(Octets.text(b)).as("%s", c).isEqualTo(c == 9 || (c >= 32 && c != 127));
            assertThat(Octets.visible(b)).as("%s", c).isEqualTo(c >= 33 && c <= 126);
            assertThat(Octets.digit(b)).as("%s", c).isEqualTo(c >= '0' && c <= '9');
            assertThat(Octets.hex(b)).as("%s", c).isEqualTo(c < 128 ? Character.digit(c, 16) : -1);
            assertThat(Octets.lower(b)).as("%s", c).isEqualTo((byte) (c < 128 ? Character.toLowerCase(c) : c));
        }
    }

    @Test
    void scansStopWhereTheTableSays() {
        Random random = new Random(20260101);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(12) == 0 ? random.nextInt(256) : 33 + random.nextInt(94));
            }
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int to = from + random.nextInt(bytes.length - from + 1);
            int text = from;
            int visible = from;
            int token = from;
            int lower = from;
            while (text < to && Octets.text(bytes[text])) {
                text++;
            }
            while (visible < to && Octets.visible(bytes[visible])) {
                visible++;
            }
            while (token < to && Octets.token(bytes[token])) {
                token++;
            }
            while (lower < to && lowerToken(bytes[lower])) {
                lower++;
            }
            assertThat(Octets.skipText(bytes, from, to)).isEqualTo(text);
            assertThat(Octets.skipVisible(bytes, from, to)).isEqualTo(visible);
            assertThat(Octets.skipToken(bytes, from, to)).isEqualTo(token);
            assertThat(Octets.skipLowerToken(bytes, from, to)).isEqualTo(lower);
        }
    }

    @Test
    void everyByteStopsAScanWhereverItStands() {
        for (int length = 1; length <= 24; length++) {
            for (int at = 0; at < Math.min(17, length); at++) {
                for (int c = 0; c < 256; c++) {
                    byte b = (byte) c;
                    byte[] bytes =
                            "abcdefghijklm-nopqrstuvwxyz".substring(0, length).getBytes(StandardCharsets.US_ASCII);
                    bytes[at] = b;
                    String where = c + " at " + at + " of " + length;
                    assertThat(Octets.skipToken(bytes, 0, length)).as(where).isEqualTo(Octets.token(b) ? length : at);
                    assertThat(Octets.skipLowerToken(bytes, 0, length))
                            .as(where)
                            .isEqualTo(lowerToken(b) ? length : at);
                    assertThat(Octets.skipText(bytes, 0, length)).as(where).isEqualTo(Octets.text(b) ? length : at);
                    assertThat(Octets.skipVisible(bytes, 0, length))
                            .as(where)
                            .isEqualTo(Octets.visible(b) ? length : at);
                }
            }
        }
    }

    private static boolean lowerToken(byte b) {
        return Octets.token(b) && !(b >= 'A' && b <= 'Z');
    }
}
