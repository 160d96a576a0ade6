package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;
    // Not a constant for the compiler, because the clock may wrap around and so does this.
    private static final long START = Long.parseLong("9223372034854775807");

    private final TokenBucket bucket = new TokenBucket(10, 20, START);

    @Test
    void aFullBucketGivesItsBurstAndThenItsRate() {
        for (int i = 0; i < 20; i++) {
            assertThat(bucket.take(1, START)).isZero();
        }
        assertThat(bucket.take(1, START)).isEqualTo(SECOND / 10);
        assertThat(bucket.take(1, START + SECOND / 10)).isZero();
        assertThat(bucket.take(1, START + SECOND / 10)).isPositive();
    }

    @Test
    void itFillsUpToItsBurstAndNoFarther() {
        assertThat(bucket.take(20, START)).isZero();
        long later = START + 100 * SECOND;
        assertThat(bucket.take(20, later)).isZero();
        assertThat(bucket.take(1, later)).isPositive();
    }

    @Test
    void moreThanItHoldsIsGivenWhenItIsFullAndOwed() {
        assertThat(bucket.take(40, START)).isZero();
        assertThat(bucket.take(1, START + 2 * SECOND)).isPositive();
        assertThat(bucket.take(1, START + 2 * SECOND + SECOND / 10)).isZero();
        assertThat(bucket.take(40, START + 2 * SECOND)).isPositive();
    }

    @Test
    void nothingIsAlwaysGiven() {
        assertThat(bucket.take(0, START)).isZero();
    }

    @Test
    void whatIsOwedIsOwedAtAnotherRateToo() {
        assertThat(bucket.take(20, START)).isZero();
        TokenBucket slower = bucket.at(1, 20, START);
        assertThat(slower.take(1, START)).isEqualTo(SECOND);
        assertThat(slower.take(1, START + SECOND)).isZero();
        TokenBucket larger = bucket.at(10, 30, START);
        assertThat(larger.take(10, START)).isZero();
        assertThat(larger.take(1, START)).isEqualTo(SECOND / 10);
    }
}
