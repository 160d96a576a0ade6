package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.state.StateKey;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MitigationStoreTest {
    private long now = 1_000;
    private final MitigationStore store = new MitigationStore(100, () -> now * 1_000_000, () -> now, Runnable::run);

    private final FeedSink learned = new FeedSink(store, false, () -> now * 1_000_000);
    private final FeedSink pushed = new FeedSink(store, true, () -> now * 1_000_000);

    private static StateKey key(int i) {
        return new StateKey(i, -i);
    }

    private Mitigation block(long millis) {
        return Mitigation.of(Action.BLOCK, now + millis);
    }

    @Test
    void neverGrowsBeyondItsBoundAndCountsWhatItDrops() {
        for (int i = 0; i < 10_000; i++) {
            learned.put(key(i), block(1_000));
        }
        store.tidy();
        assertThat(store.size()).isEqualTo(100);
        assertThat(store.evictions()).isEqualTo(9_900);
    }

    @Test
    void anExpiredOneIsGoneFromMemoryToo() {
        for (int i = 0; i < 50; i++) {
            learned.put(key(i), block(1_000));
        }
        now += 2_000;
        store.tidy();
        assertThat(store.find(key(1))).isNull();
        assertThat(store.size()).isZero();
        assertThat(store.evictions()).isZero();
    }

    @Test
    void aLaterWordReplacesAnEarlierOneWithItsTime() {
        learned.put(key(1), block(1_000));
        learned.put(key(1), block(5_000));
        now += 2_000;
        assertThat(store.find(key(1))).isNotNull();
        learned.put(key(1), block(-1));
        assertThat(store.find(key(1))).isNull();
    }

    @Test
    void aKeyIsWrittenAndReadAsText() {
        StateKey key = new StateKey(0x0123456789abcdefL, -1);
        assertThat(key).hasToString("0123456789abcdefffffffffffffffff");
        assertThat(StateKey.parse(key.toString())).isEqualTo(key);
        assertThatThrownBy(() -> StateKey.parse("12")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longTextsCountForSeveralEntries() {
        for (int i = 0; i < 100; i++) {
            learned.put(key(i), new Mitigation(Action.BLOCK, now + 1_000, null, "r".repeat(10_000)));
        }
        store.tidy();
        assertThat(store.size()).isEqualTo(33);
        assertThat(store.evictions()).isEqualTo(67);
    }

    @Test
    void textsAreCutOrLeftOut() {
        Mitigation.Place place = new Mitigation.Place("https://c.test/" + "p".repeat(8_000), key(1));
        Mitigation cut = new Mitigation(Action.CHALLENGE, 1, place, "i".repeat(129), "r".repeat(600));
        assertThat(cut).isEqualTo(new Mitigation(Action.CHALLENGE, 1, null, "r".repeat(512)));
    }

    @Test
    void whatWasToldSinceAnAnswerBeganIsNotEndedByIt() {
        learned.put(key(1), block(5_000));
        // False, or the other gateways would be told that it has ended.
        assertThat(learned.remove(key(1), now)).isFalse();
        assertThat(store.find(key(1))).isNotNull();
        assertThat(learned.remove(key(1), now + 1)).isTrue();
        assertThat(store.find(key(1))).isNull();
        assertThat(learned.remove(key(1), now + 1)).isFalse();
    }

    @Test
    void anAnswerNeitherEndsNorShortensWhatASteadyFeedTold() {
        pushed.put(key(1), block(60_000));
        learned.put(key(1), block(1_000));
        assertThat(learned.remove(key(1), now + 1)).isTrue();
        now += 30_000;
        assertThat(store.find(key(1))).isNotNull();
        learned.put(key(1), block(50_000));
        now += 40_000;
        assertThat(store.find(key(1))).isNotNull();
        pushed.remove(key(1));
        assertThat(store.find(key(1))).isNull();
    }

    @Test
    void anAllowThatCrossesAMitigationDoesNotReplaceIt() {
        learned.put(key(1), block(1_000));
        learned.put(key(1), Mitigation.of(Action.ALLOW, now + 5_000));
        assertThat(store.find(key(1)).action()).isEqualTo(Action.BLOCK);
        pushed.put(key(1), Mitigation.of(Action.ALLOW, now + 5_000));
        assertThat(store.find(key(1)).action()).isEqualTo(Action.ALLOW);
    }

    @Test
    void aReplacementEndsWhatTheSameFeedDoesNotTellAgainAndNothingBeforeItIsDone() {
        pushed.put(key(1), block(60_000));
        pushed.put(key(2), block(60_000));
        learned.put(key(3), block(60_000));
        pushed.replaceAll().put(key(4), block(60_000));
        MitigationSink.Replacement whole = pushed.replaceAll();
        whole.put(key(2), block(60_000));
        pushed.put(key(5), block(60_000));
        assertThat(List.of(1, 2, 3, 4, 5)).allMatch(i -> store.find(key(i)) != null);
        whole.done();
        assertThat(List.of(2, 3, 5)).allMatch(i -> store.find(key(i)) != null);
        assertThat(List.of(1, 4)).allMatch(i -> store.find(key(i)) == null);
    }

    @Test
    void manyThreadsLeaveOneWordEachAndTheBoundHolds() throws InterruptedException {
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            int mine = t;
            threads[t] = new Thread(() -> {
                Random random = new Random(mine);
                for (int i = 0; i < 20_000; i++) {
                    StateKey key = key(random.nextInt(300));
                    switch (random.nextInt(4)) {
                        case 0 -> learned.put(key, block(60_000));
                        case 1 -> pushed.put(key, block(60_000));
                        case 2 -> learned.remove(key, Long.MAX_VALUE);
                        default -> store.find(key);
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        store.tidy();
        assertThat(store.size())
                .isLessThanOrEqualTo(100)
                .isEqualTo(store.entries().size());
    }
}
