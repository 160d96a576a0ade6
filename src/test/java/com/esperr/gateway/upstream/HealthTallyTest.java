package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthTallyTest {
    private final HealthTally tally =
            new HealthTally(Setting.of("http://a", "health.healthy", "2", "health.unhealthy", "3")
                    .health());

    @Test
    void theFirstAnswerCountsAtOnce() {
        assertThat(tally.add("bad")).isTrue();
        assertThat(tally.up()).isFalse();
    }

    @Test
    void laterOnesCountWhenThereAreEnoughInARow() {
        assertThat(tally.add(null)).isTrue();
        assertThat(tally.add("bad")).isFalse();
        assertThat(tally.add("bad")).isFalse();
        assertThat(tally.add(null)).isFalse();
        assertThat(tally.add("bad")).isFalse();
        assertThat(tally.add("bad")).isFalse();
        assertThat(tally.up()).isTrue();
        assertThat(tally.add("bad")).isTrue();
        assertThat(tally.up()).isFalse();
        assertThat(tally.add(null)).isFalse();
        assertThat(tally.up()).isFalse();
        assertThat(tally.add(null)).isTrue();
        assertThat(tally.up()).isTrue();
    }
}
