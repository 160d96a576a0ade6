package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private final AtomicLong nanos = new AtomicLong(TimeUnit.SECONDS.toNanos(1));
    private final RateLimits limits = new RateLimits(new ServerConfig.Rate(10, 20), nanos::get);

    @Test
    void whatOneKeyTakesNoOtherMisses() {
        assertThat(limits.take("a", 20)).isZero();
        assertThat(limits.take("a", 1)).isPositive();
        assertThat(limits.take("b", 20)).isZero();
    }

    @Test
    void anotherRateHoldsForKeysThatAreKnownAndWhatTheyHaveTakenCounts() {
        assertThat(limits.take("a", 20)).isZero();
        limits.retune(new ServerConfig.Rate(1, 20));
        assertThat(limits.take("a", 1)).isEqualTo(2);
        assertThat(limits.take("b", 20)).isZero();
        limits.retune(new ServerConfig.Rate(10, 30));
        assertThat(limits.take("a", 10)).isZero();
        assertThat(limits.take("a", 1)).isPositive();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThat(limits.take("a", 30)).isZero();
        assertThat(limits.take("a", 1)).isPositive();
    }
}
