package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryDepositsTest extends DepositsContract {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final MemoryDeposits deposits = new MemoryDeposits(200_000, nanos::get);

    @Override
    Deposits deposits() {
        return deposits;
    }

    @Test
    void aDepositEndsWhenItsTimeIsOver() {
        put(deposits, ALICE, "a", 1_000);
        put(deposits, BOB, "b", 1_000);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_000) - 1);
        assertThat(take(ALICE)).isEqualTo("a");
        nanos.incrementAndGet();
        assertThat(take(BOB)).isEqualTo("nothing");
        assertThat(deposits.bytes()).isZero();
    }

    @Test
    void isBoundedInBytesAndDropsTheOldest() {
        String large = "x".repeat(10_000);
        for (int i = 0; i < 50; i++) {
            assertThat(put(new StateKey(7, i), large)).isEqualTo("laid");
            assertThat(deposits.bytes()).isLessThanOrEqualTo(200_000);
        }
        assertThat(deposits.dropped()).isEqualTo(31);
        assertThat(take(new StateKey(7, 30))).isEqualTo("nothing");
        assertThat(take(new StateKey(7, 31))).isEqualTo(large);
        assertThat(put(ALICE, "x".repeat(200_000))).isEqualTo("too large");
        assertThat(take(new StateKey(7, 49))).isEqualTo(large);
    }
}
