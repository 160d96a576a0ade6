package com.esperr.gateway.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Attempts attempts = new Attempts(Duration.ofMinutes(10), nanos::get, Runnable::run);

    private static Ticket ticket(String id) {
        return new Ticket(id, 0, 8, 3, 4, 0);
    }

    @Test
    void soManyWrongAnswersToATicketAreLookedAt() {
        for (int i = 0; i < Attempts.MOST; i++) {
            assertThat(attempts.begin(ticket("a"))).isTrue();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(attempts.begin(ticket("a"))).isFalse();
        }
        assertThat(attempts.begin(ticket("b"))).isTrue();
    }

    @Test
    void aRightAnswerMayComeAgain() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(attempts.begin(ticket("a"))).isTrue();
            attempts.right(ticket("a"));
        }
    }

    @Test
    void aRightAnswerForgivesNoWrongOne() {
        assertThat(attempts.begin(ticket("a"))).isTrue();
        assertThat(attempts.begin(ticket("a"))).isTrue();
        assertThat(attempts.begin(ticket("a"))).isTrue();
        attempts.right(ticket("a"));
        assertThat(attempts.begin(ticket("a"))).isTrue();
        assertThat(attempts.begin(ticket("a"))).isFalse();
    }

    @Test
    void ticketsThatComeToLiveLongerAreRememberedLongerAndNoneShorter() {
        for (int i = 0; i <= Attempts.MOST; i++) {
            attempts.begin(ticket("a"));
        }
        Attempts longer = attempts.lasting(Duration.ofMinutes(20)).lasting(Duration.ofMinutes(1));
        nanos.addAndGet(Duration.ofMinutes(20).toNanos() - 1);
        assertThat(longer.begin(ticket("a"))).isFalse();
    }

    @Test
    void aTicketIsRememberedAsLongAsItCounts() {
        for (int i = 0; i <= Attempts.MOST; i++) {
            attempts.begin(ticket("a"));
        }
        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(attempts.begin(ticket("a"))).isFalse();
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(attempts.begin(ticket("a"))).isTrue();
    }
}
