package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DifficultyTest {
    private long now;
    private final Difficulty difficulty = new Difficulty(15, 18, 10, () -> now);

    private int after(int challenges) {
        int bits = 0;
        for (int i = 0; i < challenges; i++) {
            bits = difficulty.next();
        }
        return bits;
    }

    @Test
    void aRushCostsABitMoreEachTimeItDoublesUpToTheMost() {
        assertThat(after(100)).isEqualTo(15);
        assertThat(after(1)).isEqualTo(16);
        assertThat(after(100)).isEqualTo(17);
        assertThat(after(1_000_000)).isEqualTo(18);
    }

    @Test
    void itIsRememberedForASpanAndThenForgotten() {
        after(150);
        now += TimeUnit.SECONDS.toNanos(10);
        assertThat(after(1)).isEqualTo(16);
        now += TimeUnit.SECONDS.toNanos(30);
        assertThat(after(1)).isEqualTo(15);
    }
}
