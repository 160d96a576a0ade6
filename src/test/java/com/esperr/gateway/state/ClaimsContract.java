package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Claims} must do; extended once per implementation. */
abstract class ClaimsContract {
    static final StateKey PROOF = new StateKey(1, 1);
    static final StateKey ALICE = new StateKey(2, 1);
    static final StateKey BOB = new StateKey(2, 2);
    private static final long MINUTE = 60_000;

    /** The claims under test, the same ones during a test. */
    abstract Claims claims();

    @Test
    void whoClaimsFirstHasIt() {
        assertThat(claim(PROOF, ALICE)).isEqualTo("FRESH");
        assertThat(claim(PROOF, BOB)).isEqualTo("TAKEN");
        assertThat(claim(PROOF, ALICE)).isEqualTo("AGAIN");
        assertThat(claim(PROOF, BOB)).isEqualTo("TAKEN");
    }

    @Test
    void oneClaimSaysNothingOfAnother() {
        assertThat(claim(PROOF, ALICE)).isEqualTo("FRESH");
        assertThat(claim(new StateKey(1, 2), BOB)).isEqualTo("FRESH");
        assertThat(claim(new StateKey(2, 1), BOB)).isEqualTo("FRESH");
    }

    @Test
    void ofManyWhoClaimAtOnceOneHasIt() throws InterruptedException {
        int rounds = 50;
        int threads = 4;
        Queue<String> outcomes = new ConcurrentLinkedQueue<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            StateKey holder = new StateKey(9, i);
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                for (int round = 0; round < rounds; round++) {
                    outcomes.add(round + claim(new StateKey(5, round), holder));
                }
            });
            thread.start();
            running.add(thread);
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
        for (int round = 0; round < rounds; round++) {
            String mark = Integer.toString(round);
            assertThat(outcomes.stream().filter((mark + "FRESH")::equals))
                    .as(mark)
                    .hasSize(1);
            assertThat(outcomes.stream().filter((mark + "TAKEN")::equals))
                    .as(mark)
                    .hasSize(threads - 1);
        }
    }

    @Test
    void aClaimOfNoTimeIsAnsweredAllTheSame() {
        assertThat(claim(claims(), PROOF, ALICE, 0)).isEqualTo("FRESH");
        assertThat(claim(claims(), PROOF, ALICE, -5)).isIn("FRESH", "AGAIN");
    }

    @Test
    void isNotInTrouble() {
        assertThat(claims().trouble()).isNull();
    }

    final String claim(StateKey key, StateKey holder) {
        return claim(claims(), key, holder, MINUTE);
    }

    static String claim(Claims claims, StateKey key, StateKey holder, long millis) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        claims.claim(key, holder, millis, new ClaimSink() {
            @Override
            public void claimed(Claimed claimed) {
                assertThat(outcome.complete(claimed.name())).isTrue();
            }

            @Override
            public void failed(String detail) {
                assertThat(outcome.complete(detail)).isTrue();
            }
        });
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
