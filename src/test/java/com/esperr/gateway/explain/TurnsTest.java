package com.esperr.gateway.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many explanations are made in a second. */
class TurnsTest {
    @Test
    void thereAreSoManyInASecondAndAgainInTheNext() {
        Turns turns = new Turns(2);
        assertThat(turns.take(5_000)).isTrue();
        assertThat(turns.take(5_999)).isTrue();
        assertThat(turns.take(5_999)).isFalse();
        assertThat(turns.take(6_000)).isTrue();
        assertThat(turns.take(6_000)).isTrue();
        assertThat(turns.take(6_001)).isFalse();
    }
}
