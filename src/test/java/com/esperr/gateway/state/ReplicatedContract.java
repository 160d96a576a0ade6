package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.state.Replicated.Follower;
import com.esperr.gateway.state.Replicated.Kept;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Replicated} must do; extended once per implementation. */
abstract class ReplicatedContract {
    static final StateKey ALICE = new StateKey(1, 1);
    static final StateKey BOB = new StateKey(1, 2);
    static final int MAX_ENTRIES = 1_000;

    /** The clock of the test, epoch milliseconds: begins at the real time and goes on when the test says so. */
    final AtomicLong clock = new AtomicLong(System.currentTimeMillis());

    /** The map under test, the same one during a test, with room for {@link #MAX_ENTRIES} values and housekeeping at once. */
    abstract Replicated<String> values();

    /** How often what was dropped here may come back from a shared store that is behind, to be dropped once more. */
    long echoes() {
        return 0;
    }

    @Test
    void whatIsPutIsFoundAtOnce() {
        put(ALICE, "block", 1_000);
        assertThat(find(ALICE)).isEqualTo("block");
        assertThat(find(BOB)).isNull();
    }

    @Test
    void theLaterOfTwoWritesCounts() {
        put(ALICE, "block", 9_000);
        put(ALICE, "challenge", 1_000);
        assertThat(find(ALICE)).isEqualTo("challenge");
        clock.addAndGet(1_000);
        assertThat(find(ALICE)).isNull();
    }

    @Test
    void aValueIsFoundUntilItExpiresAndNotThen() {
        put(ALICE, "block", 1_000);
        long expiry = clock.get() + 1_000;
        assertThat(values().find(ALICE, expiry - 1)).isEqualTo("block");
        assertThat(values().find(ALICE, expiry)).isNull();
        assertThat(values().find(ALICE, expiry + 1)).isNull();
    }

    @Test
    void aValueThatHasExpiredAlreadyIsNeverFound() {
        put(ALICE, "block", 0);
        put(BOB, "block", -5_000);
        assertThat(find(ALICE)).isNull();
        assertThat(find(BOB)).isNull();
    }

    @Test
    void aRemovedValueIsGoneAndCanComeBack() {
        put(ALICE, "block", 1_000);
        values().remove(ALICE);
        assertThat(find(ALICE)).isNull();
        put(ALICE, "challenge", 1_000);
        assertThat(find(ALICE)).isEqualTo("challenge");
    }

    @Test
    void removingWhatIsNotThereDoesNothing() {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        values().follow(new Told(told));
        values().remove(BOB);
        assertThat(told).isEmpty();
    }

    @Test
    void everythingKeptIsShown() {
        put(ALICE, "block", 1_000);
        put(BOB, "challenge", 2_000);
        Map<StateKey, Kept<String>> shown = new HashMap<>();
        values().forEach(shown::put);
        assertThat(shown)
                .isEqualTo(Map.of(
                        ALICE, new Kept<>("block", clock.get() + 1_000),
                        BOB, new Kept<>("challenge", clock.get() + 2_000)));
        assertThat(values().size()).isEqualTo(2);
    }

    @Test
    void followersHearOfChangesInTheirOrderUntilTheyLeave() throws Exception {
        put(BOB, "before", 1_000);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        AutoCloseable following = values().follow(new Told(told));
        put(ALICE, "block", 1_000);
        put(ALICE, "challenge", 2_000);
        values().remove(ALICE);
        following.close();
        put(ALICE, "unheard", 1_000);
        assertThat(told)
                .containsExactly(
                        ALICE + " block " + (clock.get() + 1_000),
                        ALICE + " challenge " + (clock.get() + 2_000),
                        ALICE + " removed");
    }

    @Test
    void expiryIsNoChange() {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        put(ALICE, "block", 1_000);
        values().follow(new Told(told));
        clock.addAndGet(5_000);
        assertThat(find(ALICE)).isNull();
        assertThat(told).isEmpty();
    }

    @Test
    void thereIsABoundAndWhatItDropsIsCounted() {
        for (int i = 0; i < 3 * MAX_ENTRIES; i++) {
            put(new StateKey(i, i * 31L), "block", 60_000);
        }
        assertThat(values().size()).isBetween(MAX_ENTRIES * 9L / 10, (long) MAX_ENTRIES);
        long dropped = 3L * MAX_ENTRIES - values().size();
        assertThat(values().evictions()).isBetween(dropped, dropped + echoes());
    }

    @Test
    void whatExpiresMakesRoomAndIsNotCountedAsDropped() {
        for (int i = 0; i < MAX_ENTRIES; i++) {
            put(new StateKey(i, i * 31L), "block", 1_000);
        }
        clock.addAndGet(60_000);
        put(ALICE, "block", 1_000);
        assertThat(find(ALICE)).isEqualTo("block");
        assertThat(values().evictions()).isZero();
    }

    @Test
    void followersHearTheLastWordOfEveryKeyLastWhoeverWritesAtTheSameTime() throws InterruptedException {
        Map<StateKey, String> heard = Collections.synchronizedMap(new HashMap<>());
        values().follow(new Follower<>() {
            @Override
            public void put(StateKey key, String value, long expiresAtMillis) {
                heard.put(key, value);
            }

            @Override
            public void removed(StateKey key) {
                heard.remove(key);
            }
        });
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            writers.add(new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    put(new StateKey(2, i % 5), number + "-" + i, 60_000);
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join(30_000);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(heard.get(new StateKey(2, i))).isEqualTo(find(new StateKey(2, i)));
        }
    }

    final void put(StateKey key, String value, long lifetimeMillis) {
        values().put(key, value, clock.get() + lifetimeMillis);
    }

    final String find(StateKey key) {
        return values().find(key, clock.get());
    }

    /** Writes down what it hears. */
    record Told(List<String> told) implements Follower<String> {
        @Override
        public void put(StateKey key, String value, long expiresAtMillis) {
            told.add(key + " " + value + " " + expiresAtMillis);
        }

        @Override
        public void removed(StateKey key) {
            told.add(key + " removed");
        }
    }
}
