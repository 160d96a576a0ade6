package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several gateways' windows in one Redis. */
class RedisSharingIT {
    private static final StateKey ALICE = new StateKey(1, 1);

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
    void threeGatewaysAtThreeThousandHitsASecondLoseNone() throws InterruptedException {
        WindowLimit limit = new WindowLimit(600, 1_000_000);
        int each = 3_000;
        Tally tally = new Tally(3 * each);
        List<ScheduledExecutorService> clients = new ArrayList<>();
        for (int gateway = 0; gateway < 3; gateway++) {
            Windows windows = store(0).windows();
            ScheduledExecutorService client = Executors.newSingleThreadScheduledExecutor();
            clients.add(client);
            AtomicInteger left = new AtomicInteger(each / 10);
            // Ten hits every ten milliseconds: a thousand a second, for three seconds.
            client.scheduleAtFixedRate(
                    () -> {
                        for (int i = 0; i < 10 && left.get() > 0; i++) {
                            windows.hit(ALICE, limit, System.currentTimeMillis(), tally);
                        }
                        left.decrementAndGet();
                    },
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
        }
        assertThat(tally.told.await(60, TimeUnit.SECONDS))
                .as("every hit was told")
                .isTrue();
        clients.forEach(ScheduledExecutorService::shutdownNow);
        assertThat(tally.failures).isEmpty();
        assertThat(tally.counts.cardinality())
                .as("every number from 1 to 9000, once")
                .isEqualTo(3 * each);
        assertThat(tally.counts.length() - 1).isEqualTo(3 * each);
    }

    @Test
    void gatewaysWhoseClocksDifferCountInTheSameWindow() {
        WindowLimit limit = new WindowLimit(10, 50);
        RedisStore early = store(-3_600_000);
        RedisStore late = store(7_200_000);
        assertThat(early.clockAhead()).isBetween(3_599_000L, 3_601_000L);
        assertThat(late.clockAhead()).isBetween(-7_201_000L, -7_199_000L);
        for (int i = 0; i < 20; i++) {
            RedisStore store = i % 2 == 0 ? early : late;
            long skew = i % 2 == 0 ? -3_600_000 : 7_200_000;
            assertThat(hit(store, limit, System.currentTimeMillis() + skew)).isEqualTo(i + 1);
        }
    }

    @Test
    void theyHashUnderOneSeedThatOutlivesThemAndALossOfMemory() {
        RedisStore first = store(0);
        HashSeed seed = first.seed();
        RedisStore second = store(0);
        assertThat(second.seed()).isEqualTo(seed);
        server.kill();
        server.restart();
        await().atMost(Duration.ofSeconds(20)).until(() -> first.isUp() && second.isUp());
        assertThat(store(0).seed()).isEqualTo(seed);
        assertThat(server.command("GET", "test:seed")).contains(new StateKey(seed.first(), seed.second()).toString());
    }

    /** A newcomer that finds Redis empty first must not cost the others all that they know. */
    @Test
    void ofTwoSeedsTheOneCountsThatWasAgreedOnFirst() {
        RedisStore store = store(0);
        HashSeed seed = store.seed();
        String name = new StateKey(seed.first(), seed.second()).toString();
        String other = "0123456789abcdef".repeat(2);
        server.command("SET", "test:seed", other + "-" + (System.currentTimeMillis() + 3_600_000));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.command("GET", "test:seed").contains(name));
        assertThat(store.seed()).isEqualTo(seed);
        server.command("SET", "test:seed", other + "-1");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> store.seed().equals(new HashSeed(0x0123456789abcdefL, 0x0123456789abcdefL)));
        assertThat(server.command("GET", "test:seed")).contains(other + "-1");
        server.command("FLUSHALL");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.command("GET", "test:seed").contains(other + "-1"));
    }

    @Test
    void aSeedIsNotSettledWhileOthersMayStillKnowAnother() {
        AtomicLong nanos = new AtomicLong();
        RedisStore first = store(nanos::get, System::currentTimeMillis);
        assertThat(first.windows().trouble()).contains("agreeing on a secret");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        settles(first);
        server.command(
                "SET",
                "test:seed",
                "0123456789abcdef".repeat(2) + "-" + (System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1)));
        patiently().until(() -> first.windows().trouble() != null);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        settles(first);
        RedisStore second = store(nanos::get, () -> System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1));
        assertThat(second.seed()).isEqualTo(first.seed());
        settles(second);
    }

    private static void settles(RedisStore store) {
        patiently().until(() -> store.windows().trouble() == null);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void aKeyTakesBoundedMemoryAndIsForgottenByRedisItself() {
        RedisStore store = store(0);
        WindowLimit exact = new WindowLimit(10, 64);
        WindowLimit slots = new WindowLimit(16, 5_000);
        long now = System.currentTimeMillis();
        for (int i = 0; i < 400; i++) {
            hit(store, exact, now + i * 10);
            hit(store, slots, now + i * 200L);
        }
        String list = "test:w:" + ALICE + ":10:64";
        String hash = "test:w:" + ALICE + ":16:5000";
        assertThat(server.number("LLEN", list)).isEqualTo(64);
        assertThat(server.number("HLEN", hash)).isBetween(1L, 16L);
        assertThat(server.number("PTTL", list)).isBetween(1L, 20_000L);
        assertThat(server.number("PTTL", hash)).isBetween(1L, 26_000L);
        assertThat(server.number("MEMORY", "USAGE", list)).isLessThan(2_048);
        assertThat(server.number("MEMORY", "USAGE", hash)).isLessThan(1_024);
    }

    @Test
    void theAnswerComesOnTheThreadOfWhoeverAsked() throws InterruptedException {
        LinkedBlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
        RedisStore store = RedisStore.open(
                RedisStores.config(server), () -> loop::add, System::nanoTime, System::currentTimeMillis);
        stores.add(store);
        await().atMost(Duration.ofSeconds(20)).until(store::isUp);
        Tally tally = new Tally(1);
        store.windows().hit(ALICE, new WindowLimit(10, 5), System.currentTimeMillis(), tally);
        Runnable answer = loop.poll(20, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        assertThat(tally.told.getCount()).as("not before the loop runs it").isEqualTo(1);
        answer.run();
        assertThat(tally.told.getCount()).isZero();
    }

    private RedisStore store(long skewMillis) {
        RedisStore store = RedisStores.connected(config(), () -> System.currentTimeMillis() + skewMillis);
        stores.add(store);
        return store;
    }

    private RedisStore store(LongSupplier nanos, LongSupplier millis) {
        RedisStore store = RedisStore.open(config(), () -> Runnable::run, nanos, millis);
        stores.add(store);
        patiently().until(store::isUp);
        return store;
    }

    /** With time limits that even a machine keeps that has a lot else to do: what is measured here is counts. */
    private RedisConfig config() {
        return RedisStores.config(server, "", Duration.ofSeconds(30));
    }

    private static int hit(RedisStore store, WindowLimit limit, long now) {
        Tally tally = new Tally(1);
        store.windows().hit(ALICE, limit, now, tally);
        try {
            assertThat(tally.told.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return tally.counts.length() - 1;
    }

    /** The numbers that hits were told. */
    private static final class Tally implements WindowSink {
        private final BitSet counts = new BitSet();
        private final Map<String, Integer> failures = new ConcurrentHashMap<>();
        private final CountDownLatch told;

        Tally(int hits) {
            told = new CountDownLatch(hits);
        }

        @Override
        public void counted(int hits) {
            synchronized (counts) {
                counts.set(hits);
            }
            told.countDown();
        }

        @Override
        public void failed(String detail) {
            failures.merge(detail, 1, Integer::sum);
            told.countDown();
        }
    }
}
