package com.esperr.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CombinedLineTest {
    private static final String LINE =
            "198.51.100.23 - alice [04/May/2026:08:15:30 +0200] \"GET /a%20b?q=1&r HTTP/1.1\" 200 17"
                    + " \"https://shop.test/\" \"Mozilla/5.0 (X11)\"";

    private static Recorded read(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return CombinedLine.read(bytes, 0, bytes.length);
    }

    @Test
    void aLineOfNginxIsARequest() {
        Recorded request = read(LINE);
        assertThat(request.atMillis())
                .isEqualTo(Instant.parse("2026-05-04T06:15:30Z").toEpochMilli());
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/a%20b");
        assertThat(request.client()).isEqualTo("198.51.100.23");
        assertThat(request.userAgent()).isEqualTo("Mozilla/5.0 (X11)");
        assertThat(request.values()).containsExactly("https://shop.test/", "q=1&r", null);
        assertThat(request.said()).isEqualTo(Recorded.Said.NOTHING);
    }

    @Test
    void aLineOfApacheMayBeginWithTheHost() {
        Recorded request = read(
                "shop.test:443 2001:db8::1 - - [10/Oct/2025:13:55:36 -0700] \"POST / HTTP/2.0\" 302 - \"-\" \"-\"");
        assertThat(request.client()).isEqualTo("2001:db8::1");
        assertThat(request.userAgent()).isNull();
        assertThat(request.values()).containsExactly(null, null, "shop.test");
        assertThat(request.atMillis())
                .isEqualTo(Instant.parse("2025-10-10T20:55:36Z").toEpochMilli());
    }

    @Test
    void whatIsQuotedIsWhatWasSent() {
        assertThat(
                        read("192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 0 \"-\" \"a \\x22b\\x22 \\\"c\\\" \\\\ d\"")
                                .userAgent())
                .isEqualTo("a \"b\" \"c\" \\ d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000]",
                "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"\" 400 0 \"-\" \"-\"",
                "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"\\x16\\x03\\x01\" 400 0 \"-\" \"-\"",
                "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"CONNECT a:1 HTTP/1.1\" 400 0 \"-\" \"-\"",
                "192.0.2.1 - - [31/Feb/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 0 \"-\" \"-\"",
                "192.0.2.1 - - [10/Foo/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 0 \"-\" \"-\"",
                "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 0 \"-\" \"no end"
            })
    void whatIsNoRequestIsNone(String line) {
        assertThat(read(line)).isNull();
    }

    @Test
    void noLineBreaksTheReader() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder(LINE);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(line.length());
                if (random.nextBoolean()) {
                    line.setCharAt(at, (char) random.nextInt(256));
                } else {
                    line.delete(at, Math.min(line.length(), at + random.nextInt(20)));
                }
                if (line.length() == 0) {
                    break;
                }
            }
            Recorded request = read(line.toString());
            assertThat(request == null || request.path().startsWith("/")).isTrue();
        }
    }
}
