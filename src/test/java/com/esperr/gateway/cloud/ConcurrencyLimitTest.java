package com.esperr.gateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static final Duration REST = Duration.ofMillis(250);

    private final TestClock clock = TestClock.still();
    private final ConcurrencyLimit limit = new ConcurrencyLimit(new ConcurrencyConfig(4, 100, 0.5, REST), clock);

    private void congest(int times) {
        long asked = clock.getAsLong();
        for (int i = 0; i < times; i++) {
            assertThat(limit.acquire()).isTrue();
        }
        clock.advance(REST);
        for (int i = 0; i < times; i++) {
            limit.congested(asked);
        }
    }

    @Test
    void itBeginsAtItsMaximumAndLetsNoMoreThrough() {
        for (int i = 0; i < 100; i++) {
            assertThat(limit.acquire()).isTrue();
        }
        assertThat(limit.acquire()).isFalse();
        limit.released();
        assertThat(limit.acquire()).isTrue();
        assertThat(limit.inFlight()).isEqualTo(100);
    }

    @Test
    void aBurstOfTimeOutsCutsOnce() {
        congest(40);
        assertThat(limit.current()).isEqualTo(50);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void itIsNeverCutBelowItsMinimum() {
        for (int i = 0; i < 20; i++) {
            congest(4);
        }
        assertThat(limit.current()).isEqualTo(4);
    }

    @Test
    void questionsFromBeforeACutSayNothingAboutTheTimeAfterIt() {
        long early = clock.getAsLong();
        assertThat(limit.acquire()).isTrue();
        congest(1);
        clock.advance(REST.multipliedBy(2));
        limit.congested(early);
        assertThat(limit.current()).isEqualTo(50);
    }

    @Test
    void answersToAFullHouseRaiseItByOneARound() {
        congest(1);
        for (int i = 0; i < 50; i++) {
            assertThat(limit.acquire()).isTrue();
        }
        for (int i = 0; i < 25; i++) {
            limit.answered();
            assertThat(limit.acquire()).isTrue();
        }
        for (int i = 0; i < 26; i++) {
            limit.answered();
            assertThat(limit.acquire()).isTrue();
        }
        assertThat(limit.current()).isEqualTo(51);
    }

    @Test
    void answersToAFewDoNot() {
        congest(1);
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.acquire()).isTrue();
            limit.answered();
        }
        assertThat(limit.current()).isEqualTo(50);
    }
}
