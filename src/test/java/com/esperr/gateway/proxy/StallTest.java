package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallTest {
    private final Stall stall = new Stall();

    @Test
    void theFirstVisitOnlyBegins() {
        assertThat(stall.longerThan(10, 5, 1_000_000)).isFalse();
        assertThat(stall.longerThan(10, 5, 1_000_009)).isFalse();
        assertThat(stall.longerThan(10, 5, 1_000_010)).isTrue();
    }

    @Test
    void everyChangeBeginsAnew() {
        stall.longerThan(10, 5, 0);
        assertThat(stall.longerThan(10, 6, 9)).isFalse();
        assertThat(stall.longerThan(10, 6, 18)).isFalse();
        assertThat(stall.longerThan(10, 5, 19)).isFalse();
        assertThat(stall.longerThan(10, 5, 29)).isTrue();
    }

    @Test
    void aResetForgets() {
        stall.longerThan(10, 5, 0);
        stall.reset();
        assertThat(stall.longerThan(10, 5, 100)).isFalse();
        assertThat(stall.longerThan(10, 5, 110)).isTrue();
    }

    @Test
    void theClockMayWrapAround() {
        stall.longerThan(10, 5, Long.MAX_VALUE - 4);
        assertThat(stall.longerThan(10, 5, Long.MIN_VALUE)).isFalse();
        assertThat(stall.longerThan(10, 5, Long.MIN_VALUE + 5)).isTrue();
    }

    @Test
    void noPatienceAtAllStillTakesASecondVisit() {
        assertThat(stall.longerThan(0, 5, 0)).isFalse();
        assertThat(stall.longerThan(0, 5, 0)).isTrue();
    }
}
