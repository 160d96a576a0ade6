package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several replicas of one map: that they agree, also after crashes, outages and losses. */
class RedisReplicasIT {
    private static final StateKey ALICE = new StateKey(1, 1);
    private static final StateKey BOB = new StateKey(1, 2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String RECORDS = "test:{values}:records";
    private static final String CHANGES = "test:{values}:changes";

    private final List<RedisStore> stores = new ArrayList<>();
    private RedisServer server;

    @BeforeEach
    void start() {
        server = RedisServer.start();
    }

    @AfterEach
    void stop() {
        stores.forEach(RedisStore::close);
        server.close();
    }

    @Test
    void whatOneReplicaWritesAllOthersHear() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        second.follow(new ReplicatedContract.Told(told));
        long expiry = soon();
        first.put(ALICE, "block", expiry);
        await().atMost(PATIENCE).until(() -> "block".equals(find(second, ALICE)));
        first.remove(ALICE);
        await().atMost(PATIENCE).until(() -> find(second, ALICE) == null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told).containsExactly(ALICE + " block " + expiry, ALICE + " removed"));
        await().atMost(PATIENCE).until(() -> first.pending() == 0);
    }

    @Test
    void changesAreUnderWayForLessThanASecondByRedisOwnClock() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        for (int i = 0; i < 50; i++) {
            String value = "block" + i;
            first.put(ALICE, value, soon());
            await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(() -> value.equals(find(second, ALICE)));
            assertThat(second.lagMillis()).isLessThan(1_000);
        }
    }

    @Test
    void aReplicaThatJoinsHasEverything() {
        RedisReplicated<String> first = replica();
        for (int i = 0; i < 1_200; i++) {
            first.put(new StateKey(5, i), "block" + i, soon());
        }
        first.remove(new StateKey(5, 7));
        await().atMost(PATIENCE).until(() -> first.pending() == 0);
        RedisReplicated<String> second = replica();
        assertThat(content(second)).isEqualTo(content(first)).hasSize(1_199);
    }

    @Test
    void whatIsWrittenDuringAnOutageIsHandedOnAndTheLaterWriteCounts() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        first.put(BOB, "old", soon());
        await().atMost(PATIENCE).until(() -> "old".equals(find(second, BOB)));
        server.kill();
        await().atMost(PATIENCE).until(() -> first.trouble() != null && second.trouble() != null);
        first.put(ALICE, "first", soon());
        first.put(BOB, "first", soon());
        long written = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > written + 20);
        second.put(BOB, "second, later", soon());
        second.put(new StateKey(1, 3), "second", soon());
        assertThat(find(first, ALICE)).isEqualTo("first");
        server.restart();
        agree(
                first,
                second,
                content -> assertThat(content)
                        .containsEntry(ALICE, "first")
                        .containsEntry(BOB, "second, later")
                        .containsEntry(new StateKey(1, 3), "second"));
    }

    @Test
    void aRedisThatLostItsMemoryIsToldAgainByTheReplicas() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        for (int i = 0; i < 300; i++) {
            first.put(new StateKey(5, i), "block" + i, soon());
        }
        agree(first, second, content -> assertThat(content).hasSize(300));
        server.kill();
        server.restart();
        await().atMost(PATIENCE).until(() -> first.trouble() == null && second.trouble() == null);
        await().atMost(PATIENCE).until(() -> server.number("HLEN", RECORDS) == 300);
        assertThat(content(replica())).hasSize(300);
    }

    @Test
    void whatWasRemovedWhileAReplicaWasAwayDoesNotComeBack() {
        server.command("ACL", "SETUSER", "second", "on", ">secret", "~*", "&*", "+@all");
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica(RedisStores.config(server, "second", "secret"), 0);
        first.put(ALICE, "block", soon());
        agree(first, second, content -> assertThat(content).containsKey(ALICE));
        server.command("ACL", "SETUSER", "second", "off");
        server.command("CLIENT", "KILL", "USER", "second");
        await().atMost(PATIENCE).until(() -> String.valueOf(second.trouble()).contains("WRONGPASS"));
        second.put(BOB, "older", soon());
        assertThat(find(second, ALICE)).as("goes on from its own copy").isEqualTo("block");
        first.put(BOB, "later", soon());
        first.remove(BOB);
        first.remove(ALICE);
        await().atMost(PATIENCE).until(() -> first.pending() == 0);
        server.command("ACL", "SETUSER", "second", "on");
        agree(first, second, content -> assertThat(content).isEmpty());
    }

    @Test
    void aReplicaThatMissedChangesReadsEverythingAnew() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        first.put(ALICE, "block", soon());
        agree(first, second, content -> assertThat(content).hasSize(1));
        // As if the stream had been cut off before the second replica read it: numbers 2 to 9 are never seen.
        server.command("HINCRBY", "test:{values}:about", "changes", "8");
        server.command("HDEL", RECORDS, ALICE.toString());
        first.put(BOB, "block", soon());
        agree(first, second, content -> assertThat(content).containsOnlyKeys(BOB));
    }

    @Test
    void replicasThatWriteTheSameKeysAtTheSameTimeEndWithTheSame() throws InterruptedException {
        List<RedisReplicated<String>> replicas = List.of(replica(), replica(), replica());
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RedisReplicated<String> mine = replicas.get(i);
            Random random = new Random(40 + i);
            int number = i;
            Thread writer = new Thread(() -> {
                for (int j = 0; j < 700; j++) {
                    StateKey key = new StateKey(7, random.nextInt(8));
                    if (random.nextInt(4) == 0) {
                        mine.remove(key);
                    } else {
                        mine.put(key, number + "/" + j, soon());
                    }
                }
            });
            writers.add(writer);
            writer.start();
        }
        server.command("CLIENT", "KILL", "TYPE", "normal");
        for (Thread writer : writers) {
            writer.join(60_000);
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(replicas).allSatisfy(one -> assertThat(one.trouble()).isNull());
            assertThat(replicas).allSatisfy(one -> assertThat(one.pending()).isZero());
            assertThat(content(replicas.get(1))).isEqualTo(content(replicas.get(0)));
            assertThat(content(replicas.get(2))).isEqualTo(content(replicas.get(0)));
        });
        assertThat(content(replica())).isEqualTo(content(replicas.get(0)));
    }

    @Test
    void redisForgetsWhatHasExpiredAndEverythingWhenNobodyComesAnyMore() {
        RedisReplicated<String> first = replica();
        first.put(ALICE, "block", System.currentTimeMillis() + 200);
        first.put(BOB, "block", soon());
        await().atMost(PATIENCE).until(() -> server.number("HLEN", RECORDS) == 1);
        assertThat(server.number("ZCARD", "test:{values}:expiries")).isEqualTo(1);
        for (String key : List.of(RECORDS, CHANGES, "test:{values}:expiries", "test:{values}:about")) {
            assertThat(server.number("PTTL", key)).isBetween(1L, 2 * 3_600_000L);
        }
    }

    @Test
    void redisIsNotFilledWithoutBound() {
        RedisStore store = store();
        RedisReplicated<String> small = store.replicated("small", RedisStores.TEXT, 100, Runnable::run);
        await().atMost(PATIENCE).until(() -> small.trouble() == null);
        for (int i = 0; i < 1_000; i++) {
            small.put(new StateKey(5, i), "block", soon());
        }
        await().atMost(PATIENCE).until(() -> server.number("HLEN", "test:{small}:records") <= 100);
        assertThat(small.size()).isLessThanOrEqualTo(100);
        assertThat(small.trouble()).isNull();
    }

    @Test
    void onlyTheNewestWritesAreKeptForARedisThatIsAway() {
        RedisConfig config = RedisStores.config(server);
        RedisConfig narrow = new RedisConfig(
                config.address(),
                "",
                "",
                null,
                config.timeout(),
                config.connectTimeout(),
                config.firstPause(),
                config.longestPause(),
                20,
                "test");
        RedisStore store = RedisStores.connected(narrow);
        stores.add(store);
        RedisReplicated<String> one = store.replicated("values", RedisStores.TEXT, 1_000, Runnable::run);
        await().atMost(PATIENCE).until(() -> one.trouble() == null);
        server.kill();
        await().atMost(PATIENCE).until(() -> one.trouble() != null);
        for (int i = 0; i < 50; i++) {
            one.put(new StateKey(5, i), "block", soon());
        }
        assertThat(store.pendingWrites()).isEqualTo(20);
        assertThat(store.counts().dropped()).isEqualTo(30);
        server.restart();
        await().atMost(PATIENCE).until(() -> one.trouble() == null);
        assertThat(content(one)).hasSize(50);
        await().atMost(PATIENCE).until(() -> server.number("EXISTS", RECORDS) == 1);
        // Redis came back empty, so everything is told again, within the same bound.
        await().atMost(PATIENCE).until(() -> server.command("HKEYS", RECORDS).contains(new StateKey(5, 49).toString()));
    }

    @Test
    void aValueOfAnotherVersionIsLeftOut() {
        RedisReplicated<String> first = replica();
        RedisReplicated<String> second = replica();
        first.put(ALICE, "unreadable", soon());
        first.put(BOB, "block", soon());
        await().atMost(PATIENCE).until(() -> "block".equals(find(second, BOB)));
        assertThat(find(second, ALICE)).isNull();
        assertThat(second.trouble()).isNull();
    }

    @Test
    void replicasWhoseClocksDifferAgreeOnWhatIsLater() {
        RedisReplicated<String> early = replica(-7_200_000);
        RedisReplicated<String> late = replica(3_600_000);
        late.put(ALICE, "first", System.currentTimeMillis() + 3_600_000 + 60_000);
        await().atMost(PATIENCE).until(() -> "first".equals(early.find(ALICE, System.currentTimeMillis() - 7_200_000)));
        early.put(ALICE, "second", System.currentTimeMillis() - 7_200_000 + 60_000);
        await().atMost(PATIENCE).until(() -> "second".equals(late.find(ALICE, System.currentTimeMillis() + 3_600_000)));
        assertThat(late.find(ALICE, System.currentTimeMillis() + 3_600_000 + 61_000))
                .isNull();
    }

    private RedisReplicated<String> replica() {
        return replica(0);
    }

    private RedisReplicated<String> replica(long skewMillis) {
        return replica(RedisStores.config(server), skewMillis);
    }

    private RedisReplicated<String> replica(RedisConfig config, long skewMillis) {
        RedisStore store = RedisStores.connected(config, () -> System.currentTimeMillis() + skewMillis);
        stores.add(store);
        RedisReplicated<String> replica = store.replicated("values", RedisStores.TEXT, 10_000, Runnable::run);
        await().atMost(PATIENCE).until(() -> replica.trouble() == null);
        return replica;
    }

    private RedisStore store() {
        RedisStore store = RedisStores.connected(RedisStores.config(server));
        stores.add(store);
        return store;
    }

    private static void agree(
            RedisReplicated<String> first,
            RedisReplicated<String> second,
            ThrowingConsumer<Map<StateKey, String>> expectation) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(first.trouble()).isNull();
            assertThat(second.trouble()).isNull();
            assertThat(content(first)).satisfies(expectation);
            assertThat(content(second)).isEqualTo(content(first));
        });
    }

    private static Map<StateKey, String> content(Replicated<String> replica) {
        Map<StateKey, String> content = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        replica.forEach((key, kept) -> content.put(key, kept.value()));
        return content;
    }

    private static String find(Replicated<String> replica, StateKey key) {
        return replica.find(key, System.currentTimeMillis());
    }

    private static long soon() {
        return System.currentTimeMillis() + 600_000;
    }
}
