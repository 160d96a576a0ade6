package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryClaimsTest extends ClaimsContract {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final MemoryClaims claims = new MemoryClaims(100, nanos::get);

    @Override
    Claims claims() {
        return claims;
    }

    @Test
    void aClaimEndsWhenItsTimeIsOver() {
        assertThat(claim(claims, PROOF, ALICE, 1_000)).isEqualTo("FRESH");
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_000) - 1);
        assertThat(claim(claims, PROOF, BOB, 1_000)).isEqualTo("TAKEN");
        nanos.incrementAndGet();
        assertThat(claims.size()).isZero();
        assertThat(claim(claims, PROOF, BOB, 1_000)).isEqualTo("FRESH");
        assertThat(claims.evictions()).isZero();
    }

    @Test
    void isBoundedAndForgetsWhatWouldEndFirst() {
        assertThat(claim(claims, PROOF, ALICE, 500)).isEqualTo("FRESH");
        for (int i = 0; i < 150; i++) {
            assertThat(claim(claims, new StateKey(7, i), ALICE, 10_000 + i)).isEqualTo("FRESH");
        }
        assertThat(claims.size()).isEqualTo(100);
        assertThat(claims.evictions()).isEqualTo(51);
        assertThat(claim(claims, new StateKey(7, 149), BOB, 1_000)).isEqualTo("TAKEN");
        assertThat(claim(claims, new StateKey(7, 50), BOB, 1_000)).isEqualTo("TAKEN");
        assertThat(claim(claims, PROOF, BOB, 1_000)).isEqualTo("FRESH");
    }
}
