package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondClockTest {
    private final SecondClock clock = new SecondClock();

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "7, 1970-01-01T00:00:00.007Z",
        "-1, 1969-12-31T23:59:59.999Z",
        "1709210096089, 2024-02-29T12:34:56.089Z",
        "4102444799999, 2099-12-31T23:59:59.999Z"
    })
    void timesAreRfc3339InUtcWithMilliseconds(long millis, String expected) {
        assertThat(text(millis)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1970-01-01T00:00:01.000Z", "1999, 1970-01-01T00:00:01.999Z", "999, 1970-01-01T00:00:00.999Z"})
    void theSecondFollowsInBothDirections(long millis, String expected) {
        text(1500);
        text(2500);
        assertThat(text(millis)).isEqualTo(expected);
    }

    private String text(long millis) {
        return new String(clock.text(millis), StandardCharsets.US_ASCII);
    }
}
