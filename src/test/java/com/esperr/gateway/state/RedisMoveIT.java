package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that is told, while it is used, of another Redis, or of another way to the same one. */
class RedisMoveIT {
    private static final WindowLimit LIMIT = new WindowLimit(600, 60);
    private static final StateKey ALICE = new StateKey(1, 1);
    private static final StateKey BOB = new StateKey(1, 2);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer first;
    private RedisServer second;

    @BeforeEach
    void start() {
        first = RedisServer.start();
        second = RedisServer.start("--requirepass", "secret");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        first.close();
        second.close();
    }

    private static RedisConfig config(RedisServer server, String password, Duration connecting, String prefix) {
        return new RedisConfig(
                RedisAddress.parse(server.url()),
                "",
                password,
                null,
                LONG,
                connecting,
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                10_000,
                prefix);
    }

    private RedisConfig atFirst() {
        return config(first, "", LONG, "test");
    }

    private RedisConfig atSecond() {
        return config(second, "secret", LONG, "test");
    }

    private RedisStore store(RedisConfig config) {
        RedisStore store = RedisStores.opened(config, System::currentTimeMillis);
        open.add(store);
        await().until(store::isUp);
        return store;
    }

    private static RedisReplicated<String> map(RedisStore store) {
        RedisReplicated<String> map = store.replicated("values", RedisStores.TEXT, 1000, Runnable::run);
        await().until(() -> map.trouble() == null);
        return map;
    }

    private static String find(Replicated<String> map, StateKey key) {
        return String.valueOf(map.find(key, System.currentTimeMillis()));
    }

    private static long soon() {
        return System.currentTimeMillis() + 600_000;
    }

    private static CompletableFuture<String> hit(RedisStore store, StateKey key) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        store.windows().hit(key, LIMIT, System.currentTimeMillis(), new WindowSink() {
            @Override
            public void counted(int hits) {
                outcome.complete(Integer.toString(hits));
            }

            @Override
            public void failed(String detail) {
                outcome.complete(detail);
            }
        });
        return outcome;
    }

    private static String outcome(CompletableFuture<String> hit) {
        try {
            return hit.get(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce")
                        || thread.getName().startsWith("redis-"))
                .count();
    }

    @Test
    void noHitFailsAndNothingIsLeftBehindHoweverOftenItMoves() throws InterruptedException {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        List<String> failed = new ArrayList<>();
        AtomicLong counted = new AtomicLong();
        Thread visitor = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                String outcome = outcome(hit(store, ALICE));
                if (!outcome.matches("[0-9]+")) {
                    failed.add(outcome);
                    return;
                }
                counted.incrementAndGet();
            }
        });
        visitor.start();
        map.put(BOB, "block", soon());
        long before = 0;
        for (int i = 0; i < 10; i++) {
            assertThat(store.move(atSecond())).isNull();
            long now = counted.get();
            await().until(() -> counted.get() > now || !visitor.isAlive());
            assertThat(store.move(atFirst())).isNull();
            await().until(() -> map.trouble() == null && map.pending() == 0);
            before = i == 0 ? threads() : before;
        }
        visitor.interrupt();
        visitor.join(60_000);
        assertThat(failed.stream().filter(outcome -> !outcome.contains("Interrupted")))
                .isEmpty();
        assertThat(find(map, BOB)).isEqualTo("block");
        long most = before;
        await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(most));
        // Whoever asks is connected, too.
        await().untilAsserted(() -> assertThat(clients(second)).isEqualTo(1));
        assertThat(clients(first)).isEqualTo(3);
        assertThat(store.counts().losses()).isZero();
    }

    private static long clients(RedisServer server) {
        return server.command("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains("addr="))
                .count();
    }

    @Test
    void anEmptyRedisIsToldWhatIsKnownHereUnderTheSameSecret() {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        HashSeed seed = store.seed();
        map.put(ALICE, "block", soon());
        map.put(BOB, "block", soon());
        map.remove(BOB);
        await().until(() -> map.pending() == 0);
        assertThat(store.move(atSecond())).isNull();
        RedisReplicated<String> other = map(store(atSecond()));
        await().until(() -> find(other, ALICE).equals("block"));
        assertThat(find(other, BOB)).isEqualTo("null");
        assertThat(store.seed()).isEqualTo(seed);
        other.put(BOB, "challenge", soon());
        await().until(() -> find(map, BOB).equals("challenge"));
    }

    @Test
    void whatWaitsForARedisThatIsAwayGoesToTheOther() {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        first.kill();
        await().until(() -> store.trouble() != null);
        map.put(ALICE, "block", soon());
        assertThat(map.pending()).isEqualTo(1);
        assertThat(store.move(atSecond())).isNull();
        await().until(() -> map.pending() == 0);
        assertThat(find(map(store(atSecond())), ALICE)).isEqualTo("block");
    }

    @Test
    void thoseWhoShareTheOtherAlreadyKeepTheirSecretAndWhatTheyKnow() {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        map.put(ALICE, "block", soon());
        RedisStore there = store(atSecond());
        RedisReplicated<String> known = map(there);
        HashSeed seed = there.seed();
        known.put(BOB, "block", soon());
        await().until(() -> known.pending() == 0);
        assertThat(store.move(atSecond())).isNull();
        assertThat(store.seed()).isEqualTo(seed);
        await().until(() -> find(map, BOB).equals("block"));
        // Of nobody, under that secret.
        assertThat(find(map, ALICE)).isEqualTo("null");
        assertThat(find(known, BOB)).isEqualTo("block");
        assertThat(find(known, ALICE)).isEqualTo("null");
        assertThat(there.seed()).isEqualTo(seed);
    }

    @Test
    void oneThatIsNotThereIsToldOfAndTakenOverWhenItIs() {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        map.put(ALICE, "block", soon());
        second.kill();
        assertThat(store.move(config(second, "secret", Duration.ofMillis(300), "test")))
                .contains("not connected");
        assertThat(outcome(hit(store, ALICE))).contains("not connected");
        assertThat(find(map, ALICE)).isEqualTo("block");
        assertThat(map.trouble()).contains("not connected");
        second.restart();
        await().until(() -> store.trouble() == null && map.trouble() == null && map.pending() == 0);
        assertThat(outcome(hit(store, ALICE))).isEqualTo("1");
        assertThat(find(map(store(atSecond())), ALICE)).isEqualTo("block");
    }

    @Test
    void whatIsUnderWayIsAnsweredFromWhereItWasAsked() {
        RedisStore store = store(atFirst());
        assertThat(outcome(hit(store, ALICE))).isEqualTo("1");
        first.freeze();
        CompletableFuture<String> asked = hit(store, ALICE);
        // On a thread of its own, as a move blocks, and on Java 25 the common pool of two processors has one.
        CompletableFuture<Void> moved =
                CompletableFuture.runAsync(() -> store.move(atSecond()), task -> new Thread(task, "move").start());
        // Those that are asked before it has moved wait as well.
        List<CompletableFuture<String>> later = new ArrayList<>();
        await().until(() -> {
            later.add(hit(store, BOB));
            return later.stream().anyMatch(CompletableFuture::isDone);
        });
        assertThat(moved).isNotDone();
        first.resume();
        assertThat(outcome(asked)).isEqualTo("2");
        moved.join();
        assertThat(later).extracting(RedisMoveIT::outcome).allMatch(outcome -> outcome.matches("[0-9]+"));
    }

    @Test
    void anotherPrefixIsAnotherPlaceInTheSameRedis() {
        RedisStore store = store(atFirst());
        RedisReplicated<String> map = map(store);
        map.put(ALICE, "block", soon());
        assertThat(outcome(hit(store, ALICE))).isEqualTo("1");
        assertThat(outcome(hit(store, ALICE))).isEqualTo("2");
        assertThat(store.move(config(first, "", LONG, "other"))).isNull();
        assertThat(outcome(hit(store, ALICE))).isEqualTo("1");
        assertThat(find(map(store(config(first, "", LONG, "other"))), ALICE)).isEqualTo("block");
    }
}
