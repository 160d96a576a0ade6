package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways as they are installed, one Redis, and what a visitor meets who goes to all of them. */
class ReplicasRedisIT {
    private static final int TRIP = 30;
    private static final String POLICIES = """
            policies = [
              { policy_id = trip, clauses = [ { name = burst, mitigation = block, lifetime = 10m, window { seconds = 600, threshold = 30 }
                  match { field = request_path, operator = starts_with, value = /trip } } ] }
              { policy_id = count, clauses = [ { name = many, mitigation = monitor, window { seconds = 900, threshold = 1000000 }
                  match { field = request_path, operator = starts_with, value = /count } } ] }
            ]
            """;

    @TempDir
    static Path directory;

    private static TestOrigin origin;
    private static RedisServer redis;
    private static final List<GatewayProcess> GATEWAYS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        origin = TestOrigin.start();
        redis = RedisServer.start();
        Files.writeString(directory.resolve("policies.conf"), POLICIES);
        for (int i = 0; i < 3; i++) {
            GATEWAYS.add(gateway());
        }
    }

    @AfterAll
    static void stop() {
        GATEWAYS.forEach(GatewayProcess::close);
        GATEWAYS.clear();
        redis.close();
        origin.close();
    }

    @BeforeEach
    void everybodyIsReady() {
        for (GatewayProcess gateway : GATEWAYS) {
            patiently()
                    .untilAsserted(() -> assertThat(gateway.readyz().bodyText()).contains("\"ready\":true"));
        }
    }

    @Test
    void aVisitorWhoSpreadsHisRequestsIsBlockedByAllWithinASecond() {
        String visitor = "spread";
        for (int i = 1; i < TRIP; i++) {
            assertThat(get(GATEWAYS.get(i % 3), "/trip", visitor))
                    .as("request %d", i)
                    .isEqualTo(200);
        }
        assertThat(get(GATEWAYS.get(0), "/elsewhere", visitor)).isEqualTo(200);
        assertThat(get(GATEWAYS.get(0), "/trip", visitor)).isEqualTo(403);
        for (GatewayProcess gateway : GATEWAYS) {
            patiently().until(() -> get(gateway, "/elsewhere", visitor) == 403);
            // Redis's time of the change against the time it was heard: what a busy test machine does in between does
            // not count.
            assertThat(gateway.metrics().sum("esper_state_lag_seconds")).isLessThan(1);
        }
        assertThat(get(GATEWAYS.get(1), "/elsewhere", "somebody else")).isEqualTo(200);
    }

    @Test
    void threeThousandRequestsASecondAreCountedWithinOnePercent() throws Exception {
        int batches = 300;
        int batch = 10;
        List<Callable<Integer>> visitors = new ArrayList<>();
        for (GatewayProcess gateway : GATEWAYS) {
            visitors.add(() -> load(gateway, batches, batch));
        }
        ExecutorService pool = Executors.newFixedThreadPool(3);
        int answered = 0;
        for (Future<Integer> one : pool.invokeAll(visitors)) {
            answered += one.get();
        }
        pool.shutdown();
        int sent = 3 * batches * batch;
        assertThat(answered).isEqualTo(sent);
        long counted = redis.number(
                "EVAL",
                "local hits = 0 for _, key in ipairs(redis.call('KEYS', '*:900:1000000')) do "
                        + "for _, count in ipairs(redis.call('HVALS', key)) do hits = hits + count end end return hits",
                "0");
        assertThat(counted).isBetween(sent * 99L / 100, (long) sent);
    }

    @Test
    void aRedisThatIsGoneForTenSecondsLosesNoRequestAndComesBack() {
        trip("outage");
        MetricsSnapshot before = GATEWAYS.get(0).metrics();
        redis.kill();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        int rounds = 0;
        while (System.nanoTime() < end) {
            for (GatewayProcess gateway : GATEWAYS) {
                assertThat(get(gateway, "/trip/now", "calm")).isEqualTo(200);
                assertThat(get(gateway, "/trip/login", "calm")).isEqualTo(403);
                assertThat(get(gateway, "/elsewhere", "outage"))
                        .as("blocked before")
                        .isEqualTo(403);
            }
            rounds++;
        }
        double allowed = GATEWAYS.get(0).metrics().sum("esper_fail_open_total") - before.sum("esper_fail_open_total");
        assertThat(allowed).isEqualTo(rounds);
        assertThat(rounds).isGreaterThan(10);
        assertThat(GATEWAYS.get(1).readiness()).isEqualTo(503);
        redis.restart();
        everybodyIsReady();
        trip("afterwards");
        GatewayProcess newcomer = gateway();
        try (newcomer) {
            patiently().until(() -> newcomer.readiness() == 200);
            assertThat(get(newcomer, "/elsewhere", "outage"))
                    .as("Redis was told again")
                    .isEqualTo(403);
        }
    }

    @Test
    void aGatewayThatIsKilledComesBackWithWhatTheOthersKnow() {
        trip("patient");
        GATEWAYS.get(2).kill();
        GATEWAYS.set(2, gateway());
        patiently().until(() -> GATEWAYS.get(2).readiness() == 200);
        assertThat(get(GATEWAYS.get(2), "/elsewhere", "patient")).isEqualTo(403);
        trip("after the crash");
    }

    @Test
    void aGatewayThatStartsWithoutRedisServesAndSharesAsSoonAsItIsThere() {
        redis.kill();
        GatewayProcess early = gateway();
        try (early) {
            assertThat(get(early, "/trip", "early")).isEqualTo(200);
            assertThat(early.readiness()).isEqualTo(503);
            redis.restart();
            patiently().until(() -> early.readiness() == 200);
            everybodyIsReady();
            for (int i = 1; i < TRIP; i++) {
                get(i % 2 == 0 ? early : GATEWAYS.get(0), "/trip", "late");
            }
            assertThat(get(early, "/trip", "late")).isEqualTo(403);
            patiently().until(() -> get(GATEWAYS.get(1), "/elsewhere", "late") == 403);
        }
    }

    /** Has that visitor blocked everywhere. */
    private static void trip(String visitor) {
        for (int i = 0; i < TRIP; i++) {
            get(GATEWAYS.get(i % 3), "/trip", visitor);
        }
        for (GatewayProcess gateway : GATEWAYS) {
            patiently().until(() -> get(gateway, "/elsewhere", visitor) == 403);
        }
    }

    /** A thousand requests a second, ten every ten milliseconds on one connection; answers how many were allowed. */
    private static int load(GatewayProcess gateway, int batches, int batch) {
        String requests = request("/count", "counted").repeat(batch);
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        try (RawClient client = RawClient.connect(gateway.port())) {
            AtomicInteger left = new AtomicInteger(batches);
            pace.scheduleAtFixedRate(
                    () -> {
                        if (left.getAndDecrement() > 0) {
                            client.send(requests);
                        }
                    },
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
            int allowed = 0;
            for (int i = 0; i < batches * batch; i++) {
                allowed += client.readResponse().status() == 200 ? 1 : 0;
            }
            return allowed;
        } finally {
            pace.shutdownNow();
        }
    }

    private static int get(GatewayProcess gateway, String path, String visitor) {
        return RawClient.exchange(gateway.port(), request(path, visitor)).status();
    }

    private static String request(String path, String visitor) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + visitor + "\r\n\r\n";
    }

    private static GatewayProcess gateway() {
        Map<String, String> environment = Map.of(
                "ESPER_ORIGIN", origin.url(),
                "ESPER_LISTEN", "127.0.0.1:0",
                "ESPER_ADMIN_ADDRESS", "127.0.0.1:0",
                "ESPER_LOG_ACCESS", "off",
                "ESPER_POLICIES_PATH", directory.resolve("policies.conf").toString(),
                "ESPER_STATE_STORE", "redis",
                "ESPER_STATE_REDIS_URL", redis.url(),
                // A machine that also runs other tests may be slow; what is counted here does not depend on it.
                "ESPER_STATE_REDIS_TIMEOUT", "2s",
                "ESPER_DECISION_TIMEOUT", "5s");
        try {
            Path file = directory.resolve("gateway.conf");
            Files.writeString(file, "routes = [ { path = /trip/login, tier = sensitive } ]\n");
            return GatewayProcess.start(List.of("-Xmx128m"), environment, "run", "--config", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(30));
    }
}
