package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedClockTest {
    private final AtomicLong here = new AtomicLong(1_000_000);
    private final SharedClock clock = new SharedClock(here::get);

    @Test
    void anUnreadClockIsThisMachines() {
        assertThat(clock.now()).isEqualTo(1_000_000);
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void aReadingThatAgreesMovesNothing() {
        clock.read(1_000_010, 1_000_000, 1_000_020);
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void aReadingThatDisagreesMovesItNoFurtherThanItProves() {
        clock.read(1_005_000, 1_000_000, 1_000_020);
        assertThat(clock.ahead()).isEqualTo(4_980);
        clock.read(1_005_990, 1_001_000, 1_001_002);
        assertThat(clock.ahead()).isEqualTo(4_988);
        clock.read(1_002_000, 1_002_000, 1_002_001);
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void timesGoThereAndBackAndForEverStaysForEver() {
        clock.read(1_005_000, 1_000_000, 1_000_000);
        assertThat(clock.shared(7)).isEqualTo(5_007);
        assertThat(clock.local(clock.shared(7))).isEqualTo(7);
        assertThat(clock.shared(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(clock.local(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
}
