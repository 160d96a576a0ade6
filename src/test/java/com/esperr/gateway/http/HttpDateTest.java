package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HttpDateTest {

    private final AtomicLong millis = new AtomicLong();
    private final HttpDate date = new HttpDate(millis::get);

    @Test
    void writesTheExampleOfTheStandard() {
        millis.set(784_111_777_000L);
        assertThat(date.now()).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void writesEverySecondOnce() {
        millis.set(1_000);
        String text = date.now();
        millis.set(1_999);
        assertThat(date.now()).isSameAs(text);
        millis.set(2_000);
        assertThat(date.now()).isEqualTo("Thu, 01 Jan 1970 00:00:02 GMT");
        millis.set(0);
        assertThat(date.now()).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    }

    @Test
    void agreesWithTheJdk() {
        DateTimeFormatter jdk = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(9110);
        for (int i = 0; i < 5_000; i++) {
            long second = random.nextLong(4_102_444_800L);
            millis.set(second * 1_000 + random.nextInt(1_000));
            assertThat(date.now()).isEqualTo(jdk.format(Instant.ofEpochSecond(second)));
        }
    }
}
