package com.esperr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0 s, PT0S",
        "250 ms, PT0.25S",
        "250ms, PT0.25S",
        "1.5 s, PT1.5S",
        "2 minutes, PT2M",
        "1 m, PT1M",
        "1 h, PT1H",
        "1 day, PT24H",
        "10 us, PT0.00001S",
        "7 nanos, PT0.000000007S",
        "-5 s, PT-5S",
        "-1 ms, PT-0.001S",
    })
    void readsWhatHoconWrites(String text, Duration duration) {
        assertThat(TimeSpan.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "30",
                "1.5",
                "5 fortnights",
                "5 S",
                "1e3 s",
                "0.1 ns",
                "1 s 2 s",
                "infinite",
                "99999999999999999999 s",
            })
    void refusesWhatHasNoUnitOrNoWholeNanoseconds(String text) {
        assertThatThrownBy(() -> TimeSpan.parse(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void survivesWhatIsFarBeyondNanosecondsInALong() {
        assertThat(TimeSpan.parse("9999999999999999999 ns")).isEqualTo(Duration.ofSeconds(9999999999L, 999999999));
        assertThat(TimeSpan.parse("1000000000000 d")).isEqualTo(Duration.ofDays(1000000000000L));
        assertThatThrownBy(() -> TimeSpan.parse("9999999999999999999 d")).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.25S, 250 ms",
        "PT90S, 90 s",
        "PT2M, 2 m",
        "PT36H, 36 h",
        "PT48H, 2 d",
        "PT0.000000001S, 1 ns"
    })
    void printsTheLargestUnitThatIsExact(Duration duration, String text) {
        assertThat(TimeSpan.format(duration)).isEqualTo(text);
    }
}
