package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A rate of 100 bytes a second is 3000 in a stretch of half a minute. */
class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace(100);
    private long now = 5;
    private long bytes;

    /** Whether so many seconds of waiting, with so many bytes each, end as too slow. */
    private boolean waits(int seconds, int bytesEach) {
        boolean slow = false;
        for (int i = 0; i < seconds; i++) {
            bytes += bytesEach;
            now += SECOND;
            slow |= pace.tooSlow(bytes, now);
        }
        return slow;
    }

    @Test
    void aByteNowAndThenIsTooSlow() {
        assertThat(pace.tooSlow(0, now)).isFalse();
        assertThat(waits(29, 1)).isFalse();
        assertThat(waits(1, 1)).isTrue();
    }

    @Test
    void theRateItselfIsNot() {
        assertThat(pace.tooSlow(0, now)).isFalse();
        assertThat(waits(3000, 100)).isFalse();
        assertThat(waits(60, 99)).isTrue();
    }

    @Test
    void aStutterInsideAStretchIsForgiven() {
        assertThat(pace.tooSlow(0, now)).isFalse();
        assertThat(waits(1, 3000)).isFalse();
        assertThat(waits(29, 0)).isFalse();
        assertThat(waits(29, 0)).isFalse();
        assertThat(waits(1, 3000)).isFalse();
    }

    @Test
    void timeInWhichNobodyWaitsDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            assertThat(pace.tooSlow(0, now)).isFalse();
            pace.pause();
            now += 10 * SECOND;
        }
    }

    @Test
    void noRateForgivesEverything() {
        Pace any = new Pace(0);
        for (int i = 0; i < 100; i++) {
            assertThat(any.tooSlow(0, i * 10 * SECOND)).isFalse();
        }
    }
}
