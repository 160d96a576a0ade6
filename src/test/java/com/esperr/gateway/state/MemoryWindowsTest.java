package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryWindowsTest extends WindowsContract {
    private final AtomicLong nanos = new AtomicLong();
    private final MemoryWindows windows = new MemoryWindows(1_000, nanos::get, Runnable::run);

    @Override
    Windows windows() {
        return windows;
    }

    @Override
    int operations() {
        return 200_000;
    }

    @Test
    void isBoundedAndCountsWhatItDropped() {
        WindowLimit limit = new WindowLimit(60, 5);
        for (int i = 0; i < 5_000; i++) {
            windows.hit(new StateKey(i, i * 31L), limit, 0, new Hits());
        }
        assertThat(windows.size()).isBetween(900L, 1_000L);
        assertThat(windows.evictions()).isEqualTo(5_000 - windows.size());
    }

    @Test
    void forgetsAKeyWhoseWindowHasPassedAndDoesNotCallThatAnEviction() {
        WindowLimit limit = new WindowLimit(10, 5);
        windows.hit(new StateKey(1, 1), limit, 0, new Hits());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(20));
        windows.hit(new StateKey(2, 2), limit, 20_000, new Hits());
        assertThat(windows.size()).isEqualTo(1);
        assertThat(windows.evictions()).isZero();
    }

    @Test
    void aHitKeepsAKeyForAnotherWindow() {
        WindowLimit limit = new WindowLimit(10, 5);
        Hits hits = new Hits();
        for (int i = 0; i < 4; i++) {
            windows.hit(new StateKey(1, 1), limit, i * 9_000L, hits);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        }
        assertThat(hits.seen).containsExactly(1, 2, 2, 2);
    }

    @Test
    void noHitIsLostWhenOneKeyIsHitFromManyThreads() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        WindowLimit limit = new WindowLimit(60, 1_000_000);
        Hits hits = new Hits();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(start);
                for (int j = 0; j < each; j++) {
                    windows.hit(new StateKey(7, 7), limit, 1_000, hits);
                }
            });
            thread.start();
            running.add(thread);
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
        }
        assertThat(hits.seen).hasSize(threads * each).doesNotHaveDuplicates().contains(1, threads * each);
    }

    @Test
    void isNeverInTrouble() {
        assertThat(windows.trouble()).isNull();
    }

    @Test
    void limitsOutsideTheirRangesAreRefused() {
        assertThatThrownBy(() -> new WindowLimit(0, 1)).hasMessage("seconds: 0 (expected: 1..86400)");
        assertThatThrownBy(() -> new WindowLimit(1, 1_000_001)).hasMessage("threshold: 1000001 (expected: 1..1000000)");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Hits implements WindowSink {
        private final ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();

        @Override
        public void counted(int hits) {
            seen.add(hits);
        }

        @Override
        public void failed(String detail) {
            throw new AssertionError(detail);
        }
    }
}
