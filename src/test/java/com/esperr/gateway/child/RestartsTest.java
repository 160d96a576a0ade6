package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
    private long now;

    private Restarts restarts(RestartConfig.Policy policy, int limit) {
        return new Restarts(
                new RestartConfig(policy, Duration.ofSeconds(1), Duration.ofSeconds(5), limit, Duration.ofMinutes(1)),
                () -> now);
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER, 0, false",
        "NEVER, 1, false",
        "ON_FAILURE, 0, false",
        "ON_FAILURE, 1, true",
        "ON_FAILURE, 143, true",
        "ALWAYS, 0, true",
        "ALWAYS, 1, true"
    })
    void thePolicySaysAfterWhichCodes(RestartConfig.Policy policy, int code, boolean again) {
        assertThat(restarts(policy, 10).after(code) != null).isEqualTo(again);
    }

    @Test
    void thePauseDoublesUpToTheLongest() {
        Restarts restarts = restarts(RestartConfig.Policy.ALWAYS, 100);
        for (int seconds : new int[] {1, 2, 4, 5, 5}) {
            assertThat(restarts.after(1)).isEqualTo(Duration.ofSeconds(seconds));
        }
        for (int i = 0; i < 60; i++) {
            assertThat(restarts.after(1)).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void afterTheLimitItIsOverUntilTheWindowForgets() {
        Restarts restarts = restarts(RestartConfig.Policy.ON_FAILURE, 2);
        assertThat(restarts.after(1)).isNotNull();
        now += Duration.ofSeconds(30).toNanos();
        assertThat(restarts.after(1)).isNotNull();
        assertThat(restarts.after(1)).isNull();
        assertThat(restarts.exhausted(1)).isTrue();
        assertThat(restarts.exhausted(0)).isFalse();
        now += Duration.ofSeconds(30).toNanos();
        assertThat(restarts.after(1)).isEqualTo(Duration.ofSeconds(2));
    }
}
