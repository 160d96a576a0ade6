package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What windows do while Redis is away, slow or unwilling, and afterwards. */
class RedisOutageIT {
    private static final WindowLimit LIMIT = new WindowLimit(600, 60);
    private static final StateKey ALICE = new StateKey(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void aRedisThatComesLateIsFoundAndUntilThenHitsFailAtOnce() {
        RedisServer server = redis();
        server.kill();
        RedisStore store = store(server, "", 100);
        await().until(() -> String.valueOf(store.trouble()).contains("refused"));
        assertThat(hit(store)).isDone();
        assertThat(outcome(hit(store))).startsWith("redis: ").contains("not connected");
        assertThat(store.counts().refusals()).isEqualTo(2);
        server.restart();
        awaitUp(store);
        assertThat(outcome(hit(store))).isEqualTo("1");
    }

    @Test
    void aRedisThatCrashesFailsWhatIsUnderWayAndComesBack() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 500);
        assertThat(outcome(hit(store))).isEqualTo("1");
        server.kill();
        await().until(() -> store.trouble() != null);
        assertThat(hit(store)).isDone();
        server.restart();
        awaitUp(store);
        assertThat(outcome(hit(store))).isEqualTo("1");
        assertThat(store.counts().losses()).isEqualTo(1);
        assertThat(store.counts().connections()).isEqualTo(2);
    }

    @Test
    void aRedisThatStandsStillIsGivenUpAndEveryHitIsToldInTime() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 60);
        server.freeze();
        CompletableFuture<String> first = hit(store);
        assertThat(first).isNotDone();
        assertThat(outcome(first)).isEqualTo("redis: not answered in time");
        await().atMost(PATIENCE).until(() -> {
            hit(store);
            return !store.isUp();
        });
        assertThat(hit(store)).as("known to be away").isDone();
        assertThat(store.trouble()).contains("not connected");
        server.resume();
        awaitUp(store);
        assertThat(outcome(hit(store))).matches("[0-9]+");
        assertThat(store.counts().timeouts()).isGreaterThan(1);
    }

    @Test
    void aRedisThatIsSlowForAMomentLosesOnlyThatMoment() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 60);
        server.begin("DEBUG", "SLEEP", "0.15");
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(() -> !outcome(hit(store)).matches("[0-9]+"));
        await().atMost(PATIENCE).until(() -> outcome(hit(store)).matches("[0-9]+"));
        assertThat(store.trouble()).isNull();
    }

    @Test
    void noMoreIsUnderWayThanTheQueueHolds() {
        RedisServer server = redis();
        RedisStore store = opened(new RedisConfig(
                RedisAddress.parse(server.url()),
                "",
                "",
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                50,
                "test"));
        awaitUp(store);
        server.freeze();
        List<CompletableFuture<String>> hits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            hits.add(hit(store));
        }
        // What is on its way to the connection is not in its queue yet.
        assertThat(hits.stream().filter(CompletableFuture::isDone).count()).isBetween(300L, 450L);
        server.resume();
        assertThat(hits)
                .extracting(RedisOutageIT::outcome)
                .filteredOn(one -> !one.matches("[0-9]+|redis: .*(queue|stack) size exceeded.*"))
                .isEmpty();
    }

    @Test
    void aFullRedisRefusesAndIsUsedAgainWhenThereIsRoom() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 500);
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(outcome(hit(store))).startsWith("redis: OOM");
        assertThat(store.isUp()).isTrue();
        assertThat(store.trouble()).contains("OOM");
        server.command("CONFIG", "SET", "maxmemory", "0");
        await().atMost(PATIENCE).until(() -> store.trouble() == null);
        assertThat(outcome(hit(store))).isEqualTo("1");
    }

    @Test
    void aRedisThatBecameAReplicaIsLeftAndUsedAgainWhenItTakesWrites() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 500);
        server.command("REPLICAOF", "127.0.0.1", "1");
        assertThat(outcome(hit(store))).contains("READONLY");
        await().atMost(PATIENCE).until(() -> String.valueOf(store.trouble()).contains("READONLY"));
        assertThat(store.isUp()).isFalse();
        server.command("REPLICAOF", "NO", "ONE");
        awaitUp(store);
        assertThat(outcome(hit(store))).isEqualTo("1");
    }

    @Test
    void aWrongPasswordIsSaidAndTheRightOneGoesOn() {
        RedisServer server = RedisServer.start("--requirepass", "correct-horse");
        open.add(server);
        RedisStore wrong = store(server, "battery-staple", 500);
        await().atMost(PATIENCE).until(() -> String.valueOf(wrong.trouble()).contains("WRONGPASS"));
        assertThat(wrong.trouble()).doesNotContain("battery-staple");
        RedisStore without = store(server, "", 500);
        await().atMost(PATIENCE).until(() -> String.valueOf(without.trouble()).contains("NOAUTH"));
        assertThat(outcome(hit(without))).contains("NOAUTH");
        assertThat(outcome(hit(connected(server, "correct-horse", 500)))).isEqualTo("1");
    }

    @Test
    void scriptsThatRedisForgotAreSentAgain() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 500);
        assertThat(outcome(hit(store))).isEqualTo("1");
        server.command("SCRIPT", "FLUSH");
        assertThat(outcome(hit(store))).isEqualTo("2");
        assertThat(store.counts().errors()).isZero();
        assertThat(store.trouble()).isNull();
    }

    @Test
    void anotherProgramsValueUnderOurKeyIsAFailureAndNotACount() {
        RedisServer server = redis();
        RedisStore store = connected(server, "", 500);
        server.command("SET", "test:w:" + ALICE + ":600:60", "something else");
        assertThat(outcome(hit(store))).contains("WRONGTYPE");
    }

    private RedisServer redis() {
        RedisServer server = RedisServer.start();
        open.add(0, server);
        return server;
    }

    private RedisStore connected(RedisServer server, String password, int timeoutMillis) {
        RedisStore store = store(server, password, timeoutMillis);
        awaitUp(store);
        return store;
    }

    private RedisStore store(RedisServer server, String password, int timeoutMillis) {
        return opened(RedisStores.config(server, password, Duration.ofMillis(timeoutMillis)));
    }

    private RedisStore opened(RedisConfig config) {
        RedisStore store = RedisStores.opened(config, System::currentTimeMillis);
        open.add(0, store);
        return store;
    }

    private static void awaitUp(RedisStore store) {
        await().atMost(PATIENCE).until(() -> store.trouble() == null);
    }

    /** The count, or the sentence of the failure. */
    private static CompletableFuture<String> hit(RedisStore store) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        store.windows().hit(ALICE, LIMIT, System.currentTimeMillis(), new WindowSink() {
            @Override
            public void counted(int hits) {
                assertThat(outcome.complete(Integer.toString(hits)))
                        .as("told once")
                        .isTrue();
            }

            @Override
            public void failed(String detail) {
                assertThat(outcome.complete(detail)).as("told once").isTrue();
            }
        });
        return outcome;
    }

    private static String outcome(CompletableFuture<String> hit) {
        return hit.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
