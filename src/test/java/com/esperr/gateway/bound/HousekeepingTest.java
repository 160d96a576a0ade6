package com.esperr.gateway.bound;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final Housekeeping housekeeping = new Housekeeping(later::add, Runnable::run);

    @Test
    void whatIsAskedForInTheMeantimeIsDoneTogetherAndInOrder() {
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            housekeeping.execute(() -> done.add(number));
        }
        assertThat(done).isEmpty();
        assertThat(later).hasSize(1);
        later.remove().run();
        assertThat(done).containsExactly(0, 1, 2);
    }

    @Test
    void whatIsAskedForAfterwardsIsDoneTheNextTime() {
        List<String> done = new ArrayList<>();
        housekeeping.execute(() -> {
            done.add("first");
            housekeeping.execute(() -> done.add("second"));
        });
        later.remove().run();
        // Asked for while the first was done: done at once or promised, never forgotten.
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertThat(done).containsExactly("first", "second");
        housekeeping.execute(() -> done.add("third"));
        later.remove().run();
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void aThousandLookUpsWakeNobodyMoreThanOnce() {
        Cache<Integer, String> cache = Caffeine.newBuilder()
                .maximumSize(10)
                .executor(housekeeping)
                .expireAfterWrite(1, TimeUnit.HOURS)
                .build();
        cache.put(1, "one");
        for (int i = 0; i < 1_000; i++) {
            assertThat(cache.getIfPresent(1)).isEqualTo("one");
        }
        assertThat(later).hasSize(1);
    }

    @Test
    void aCacheThatIsFilledMeanwhileStaysBounded() {
        Cache<Integer, String> cache =
                Caffeine.newBuilder().maximumSize(10).executor(housekeeping).build();
        for (int i = 0; i < 100_000; i++) {
            cache.put(i, "");
        }
        // Caffeine notes up to 128 writes for each processor, their number rounded up to a power of two.
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(cache.estimatedSize()).isLessThan(1_000 + 256L * processors);
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertThat(cache.estimatedSize()).isEqualTo(10);
    }

    @Test
    void theSharedOneDoesItByItself() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(2);
        Housekeeping.shared().execute(done::countDown);
        Housekeeping.shared().execute(done::countDown);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
