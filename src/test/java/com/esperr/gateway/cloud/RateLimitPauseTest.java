package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitPauseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestClock clock = TestClock.still();
    private final RateLimitPause pause = new RateLimitPause(SECOND, Duration.ofSeconds(5), clock, () -> 0);

    private long seconds() {
        long seconds = 0;
        while (pause.active()) {
            clock.advance(SECOND);
            seconds++;
        }
        return seconds;
    }

    @Test
    void retryAfterIsHonouredUpToTheBound() {
        pause.refused("3");
        assertThat(seconds()).isEqualTo(3);
        pause.refused("3600");
        assertThat(seconds()).isEqualTo(5);
    }

    @Test
    void aShorterRetryAfterDoesNotEndALongerOne() {
        pause.refused("4");
        pause.refused("1");
        assertThat(seconds()).isEqualTo(4);
    }

    @Test
    void withoutRetryAfterItDoublesUntilAnAnswer() {
        for (long expected : new long[] {1, 2, 4, 5, 5}) {
            pause.refused(null);
            pause.refused(null);
            assertThat(seconds()).isEqualTo(expected);
        }
        pause.answered();
        pause.refused(null);
        assertThat(seconds()).isEqualTo(1);
    }
}
