package com.esperr.gateway.bound;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FillTest {
    @Test
    void theRatioIsTheShareThatIsTaken() {
        AtomicLong entries = new AtomicLong();
        AtomicLong capacity = new AtomicLong(8);
        Fill fill = Fill.of(Bounded.RECORDS, entries::get, capacity::get, () -> 3);
        assertThat(fill.ratio()).isZero();
        entries.set(6);
        assertThat(fill.ratio()).isEqualTo(0.75);
        capacity.set(12);
        assertThat(fill.ratio()).as("configured anew").isEqualTo(0.5);
        assertThat(List.of(fill.entries(), fill.capacity(), fill.dropped())).containsExactly(6L, 12L, 3L);
    }

    @Test
    void whereThereIsNoRoomNothingIsTaken() {
        assertThat(Fill.of(Bounded.RECORDS, () -> 0, 0, () -> 0).ratio()).isZero();
    }

    @Test
    void ofSeveralTheFullestCountsAndTheRestIsAdded() {
        List<Fill> parts = new ArrayList<>(List.of(
                Fill.of(Bounded.RECORDS, () -> 1, 10, () -> 1), Fill.of(Bounded.RECORDS, () -> 9, 10, () -> 2)));
        Fill all = Fill.over(Bounded.RECORDS, () -> parts, () -> 4);
        assertThat(all.ratio()).isEqualTo(0.9);
        assertThat(List.of(all.entries(), all.capacity(), all.dropped())).containsExactly(10L, 20L, 7L);
        parts.remove(1);
        assertThat(all.ratio()).as("it is gone").isEqualTo(0.1);
    }

    @Test
    void whatWasDroppedDoesNotFallWhenWhoeverDroppedItGoes() {
        AtomicLong stays = new AtomicLong(500);
        List<Fill> parts = new ArrayList<>(List.of(
                Fill.of(Bounded.ORIGIN_WAITING, () -> 1, 10, stays::get),
                Fill.of(Bounded.ORIGIN_WAITING, () -> 2, 10, () -> 1000)));
        Fill all = Fill.over(Bounded.ORIGIN_WAITING, () -> parts).rising();
        assertThat(all.dropped()).isEqualTo(1500);
        parts.set(1, Fill.of(Bounded.ORIGIN_WAITING, () -> 0, 10, () -> 0));
        assertThat(all.dropped()).isEqualTo(1500);
        stays.addAndGet(7);
        assertThat(all.dropped()).isEqualTo(1507);
        assertThat(List.of(all.entries(), all.capacity())).containsExactly(1L, 20L);
        parts.clear();
        assertThat(all.dropped()).isEqualTo(1507);
    }

    @Test
    void aCacheTellsWhatItLetsGoBecauseItIsFullAndNothingElse() {
        Evictions evictions = new Evictions();
        Cache<Integer, String> cache = Caffeine.newBuilder()
                .maximumSize(4)
                .executor(Runnable::run)
                .evictionListener(evictions)
                .build();
        Fill fill = evictions.fill(Bounded.PROOFS, cache, 4);
        cache.put(1, "one");
        cache.invalidate(1);
        assertThat(fill.dropped()).isZero();
        for (int i = 0; i < 10; i++) {
            cache.put(i, "some");
            cache.cleanUp();
        }
        assertThat(fill.entries()).isEqualTo(4);
        assertThat(fill.ratio()).isEqualTo(1);
        assertThat(fill.dropped()).isEqualTo(6);
    }
}
