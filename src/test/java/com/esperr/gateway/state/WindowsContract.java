package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every implementation of {@link Windows} must do; extended once per implementation. */
abstract class WindowsContract {
    private static final long START = 1_780_000_000_000L;
    private static final StateKey ALICE = new StateKey(1, 1);
    private static final StateKey BOB = new StateKey(1, 2);

    /** The store under test, the same one during a test. */
    abstract Windows windows();

    /** How many operations a comparison with the slow model takes, within the time a test may take. */
    abstract int operations();

    @Test
    void everyHitOfTheWindowCountsAndTheOneBeforeDoesNot() {
        WindowLimit limit = new WindowLimit(10, 5);
        assertThat(hit(ALICE, limit, START)).isEqualTo(1);
        assertThat(hit(ALICE, limit, START + 9_999)).isEqualTo(2);
        assertThat(hit(ALICE, limit, START + 10_000)).isEqualTo(2);
    }

    @Test
    void keysDoNotShareAnything() {
        WindowLimit limit = new WindowLimit(10, 3);
        hit(ALICE, limit, START);
        hit(ALICE, limit, START);
        assertThat(hit(BOB, limit, START)).isEqualTo(1);
        assertThat(hit(ALICE, limit, START)).isEqualTo(3);
    }

    @Test
    void aThresholdOfOneIsFullAtOnce() {
        assertThat(hit(ALICE, new WindowLimit(1, 1), START)).isEqualTo(1);
        assertThat(hit(ALICE, new WindowLimit(1, 1), START + 5_000)).isEqualTo(1);
    }

    @Test
    void aFullWindowStaysFullWhileHitsKeepComing() {
        WindowLimit limit = new WindowLimit(10, 4);
        for (int i = 0; i < 100; i++) {
            int hits = hit(ALICE, limit, START + i * 1_000L);
            assertThat(hits >= 4).as("hit %d", i).isEqualTo(i >= 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 5", "10, 500"})
    void aClockThatStepsBackALittleStandsStill(int seconds, int threshold) {
        WindowLimit limit = new WindowLimit(seconds, threshold);
        hit(ALICE, limit, START);
        assertThat(hit(ALICE, limit, START - 400)).isEqualTo(2);
        assertThat(hit(ALICE, limit, START + 400)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"10, 5", "10, 500"})
    void aClockThatStepsBackALotBeginsAnew(int seconds, int threshold) {
        WindowLimit limit = new WindowLimit(seconds, threshold);
        hit(ALICE, limit, START);
        hit(ALICE, limit, START);
        assertThat(hit(ALICE, limit, START - 3_600_000)).isEqualTo(1);
        assertThat(hit(ALICE, limit, START - 3_599_000)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 11", "1, 2, 12", "2, 3, 13", "10, 5, 14", "60, 17, 15", "7, 64, 16"})
    void smallThresholdsAreExact(int seconds, int threshold, long seed) {
        WindowLimit limit = new WindowLimit(seconds, threshold);
        HitModel model = new HitModel(limit);
        stream(limit, seed, (now, hits) -> {
            model.hit(now);
            int truth = model.within(limit.millis());
            assertThat(hits).isEqualTo(Math.min(truth, threshold));
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 65, 21", "10, 100, 22", "60, 1000, 23", "3, 1000000, 24"})
    void largeThresholdsNeverFillEarlyAndMissAtMostTheFirstSixteenth(int seconds, int threshold, long seed) {
        WindowLimit limit = new WindowLimit(seconds, threshold);
        HitModel model = new HitModel(limit);
        stream(limit, seed, (now, hits) -> {
            model.hit(now);
            assertThat(hits).isBetween(model.within(limit.millis() / 16 * 15), model.within(limit.millis()));
        });
    }

    /** Limits of both kinds, visitors in bursts, and a clock that jumps: what no single case above holds together. */
    @Test
    void manyVisitorsAreCountedAsTheSlowModelCountsThem() {
        Random random = new Random(20_260_901);
        WindowLimit[] limits = {
            new WindowLimit(1, 3), new WindowLimit(10, 64), new WindowLimit(5, 65), new WindowLimit(60, 5_000)
        };
        Map<StateKey, HitModel> models = new HashMap<>();
        long now = START;
        for (int i = 0; i < operations(); i++) {
            now += step(random);
            int visitor = random.nextInt(40);
            WindowLimit limit = limits[visitor % limits.length];
            StateKey key = new StateKey(99, visitor);
            int hits = hit(key, limit, now);
            HitModel model = models.computeIfAbsent(key, first -> new HitModel(limit));
            model.hit(now);
            int most = model.within(limit.millis());
            if (limit.threshold() <= RollingCount.EXACT_THRESHOLD) {
                assertThat(hits).as("operation %d", i).isEqualTo(Math.min(most, limit.threshold()));
            } else {
                assertThat(hits).as("operation %d", i).isBetween(model.within(limit.millis() / 16 * 15), most);
            }
        }
    }

    /** Mostly a few milliseconds; now and then a pause, a small step back, or one that is too far for every window. */
    private static long step(Random random) {
        return switch (random.nextInt(2_000)) {
            case 0 -> 61_000;
            case 1 -> -500_000;
            case 2, 3, 4, 5 -> -random.nextInt(400);
            default -> random.nextInt(100) == 0 ? random.nextInt(3_000) : random.nextInt(12);
        };
    }

    private interface Check {
        void hit(long now, int hits);
    }

    /** Quiet stretches, bursts and pauses longer than the window, so that counts rise, fall and vanish. */
    private void stream(WindowLimit limit, long seed, Check check) {
        Random random = new Random(seed);
        long now = START;
        long pace = 1;
        for (int i = 0; i < 5_000; i++) {
            if (i % 250 == 0) {
                pace = 1 + (long) (random.nextDouble() * 3 * limit.millis() / limit.threshold());
            }
            now += random.nextInt(200) == 0 ? limit.millis() + random.nextInt(50) - 25 : random.nextLong(pace + 1);
            check.hit(now, hit(ALICE, limit, now));
        }
    }

    private int hit(StateKey key, WindowLimit limit, long now) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        windows().hit(key, limit, now, new WindowSink() {
            @Override
            public void counted(int hits) {
                assertThat(answer.complete(hits)).as("answered once").isTrue();
            }

            @Override
            public void failed(String detail) {
                answer.completeExceptionally(new AssertionError(detail));
            }
        });
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
