package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignsOfLifeTest {
    private static final long SECOND = 1_000_000_000L;

    private final SignsOfLife life = new SignsOfLife(0);

    @Test
    void nobodyIsAskedMoreThanOnceInFiveMinutesOfSilence() {
        assertThat(life.asks(300 * SECOND)).isFalse();
        assertThat(life.asks(330 * SECOND)).isTrue();
        assertThat(life.asks(331 * SECOND)).isFalse();
        life.heard(332 * SECOND);
        life.answered();
        assertThat(life.asks(600 * SECOND)).isFalse();
    }

    @Test
    void whoLeavesSomebodyWithoutAnAnswerIsAskedAtOnce() {
        life.doubted();
        assertThat(life.asks(SECOND)).isTrue();
        assertThat(life.missing(10 * SECOND)).isFalse();
        assertThat(life.missing(11 * SECOND)).isTrue();
    }

    @Test
    void whoAnswersIsNotMissed() {
        life.doubted();
        assertThat(life.asks(SECOND)).isTrue();
        life.answered();
        assertThat(life.missing(60 * SECOND)).isFalse();
    }
}
