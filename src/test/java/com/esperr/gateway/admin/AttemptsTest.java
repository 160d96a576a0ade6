package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Attempts attempts = new Attempts(nanos::get);

    @Test
    void afterTooManyWrongOnesAnAddressWaitsForTheNextMinute() {
        for (int i = 0; i < Attempts.MOST; i++) {
            assertThat(attempts.allows("192.0.2.1")).isTrue();
            attempts.failed("192.0.2.1");
        }
        assertThat(attempts.allows("192.0.2.1")).isFalse();
        assertThat(attempts.allows("192.0.2.2")).isTrue();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(attempts.allows("192.0.2.1")).isTrue();
    }

    @Test
    void whoeverComesFromManyAddressesFillsNoMemory() {
        for (int i = 0; i < Attempts.ADDRESSES; i++) {
            attempts.failed("2001:db8::" + i);
        }
        assertThat(attempts.allows("192.0.2.1")).isFalse();
        assertThat(attempts.allows("2001:db8::1")).isTrue();
    }
}
