package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Deposits} must do; extended once per implementation. */
abstract class DepositsContract {
    static final StateKey ALICE = new StateKey(1, 1);
    static final StateKey BOB = new StateKey(1, 2);
    private static final long MINUTE = 60_000;

    /** The deposits under test, the same ones during a test. */
    abstract Deposits deposits();

    @Test
    void whatIsLaidDownIsTakenAwayOnce() {
        assertThat(put(ALICE, "a")).isEqualTo("laid");
        assertThat(put(BOB, "b")).isEqualTo("laid");
        assertThat(take(ALICE)).isEqualTo("a");
        assertThat(take(ALICE)).isEqualTo("nothing");
        assertThat(take(BOB)).isEqualTo("b");
    }

    @Test
    void thereIsNothingWhereNothingWasLaidDown() {
        assertThat(take(ALICE)).isEqualTo("nothing");
    }

    @Test
    void anyBytesComeBackAsTheyWere() {
        byte[] bytes = new byte[100_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        put(ALICE, text);
        assertThat(take(ALICE)).isEqualTo(text);
        put(BOB, "");
        assertThat(take(BOB)).isEmpty();
    }

    @Test
    void ofManyWhoTakeOneGetsIt() throws InterruptedException {
        int rounds = 40;
        Queue<String> outcomes = new ConcurrentLinkedQueue<>();
        for (int round = 0; round < rounds; round++) {
            put(new StateKey(5, round), "r" + round);
        }
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    outcomes.add(take(new StateKey(5, round)));
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
        assertThat(outcomes).hasSize(4 * rounds);
        assertThat(outcomes.stream().filter(outcome -> !outcome.equals("nothing")))
                .hasSize(rounds)
                .doesNotHaveDuplicates();
    }

    final String put(StateKey key, String value) {
        return put(deposits(), key, value, MINUTE);
    }

    static String put(Deposits deposits, StateKey key, String value, long millis) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        deposits.put(key, value.getBytes(StandardCharsets.ISO_8859_1), millis, new DepositSink() {
            @Override
            public void laid() {
                assertThat(outcome.complete("laid")).isTrue();
            }

            @Override
            public void failed(String detail) {
                assertThat(outcome.complete(detail)).isTrue();
            }
        });
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }

    final String take(StateKey key) {
        return take(deposits(), key);
    }

    static String take(Deposits deposits, StateKey key) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        deposits.take(key, new WithdrawalSink() {
            @Override
            public void taken(byte[] value) {
                assertThat(outcome.complete(value == null ? "nothing" : new String(value, StandardCharsets.ISO_8859_1)))
                        .isTrue();
            }

            @Override
            public void failed(String detail) {
                assertThat(outcome.complete(detail)).isTrue();
            }
        });
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
