package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

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
            while (text < to && Octets.text(bytes[text])) {
                text++;
            }
            while (visible < to && Octets.visible(bytes[visible])) {
                visible++;
            }
            while (token < to && Octets.token(bytes[token])) {
                token++;
            }
            assertThat(Octets.skipText(bytes, from, to)).isEqualTo(text);
            assertThat(Octets.skipVisible(bytes, from, to)).isEqualTo(visible);
            assertThat(Octets.skipToken(bytes, from, to)).isEqualTo(token);
        }
    }
}
