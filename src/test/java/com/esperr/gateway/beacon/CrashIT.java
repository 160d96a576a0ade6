package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the packaged gateway under load, again and again, and holds it to every event that it showed as safe. */
class CrashIT {
    private static final int CRASHES = 20;
    private static final int VISITORS = 4;
    private static final int EVENTS_PER_LIFE = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern KEY = Pattern.compile("\"idempotency_key\":\"([0-9a-f-]{36})\"");

    @TempDir
    Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newFixedThreadPool(VISITORS);
    private final AtomicBoolean healthy = new AtomicBoolean(true);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private GatewayProcess gateway(TestEsper esper, TestOrigin origin) {
        return GatewayProcess.start(
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url()),
                "run",
                "--origin=" + origin.url(),
                "--listen=127.0.0.1:0",
                "--admin=127.0.0.1:0",
                "--set=log.access=off",
                "--set=esper.tenant-id=" + Configured.TENANT,
                "--set=beacon.mode=on",
                "--set=beacon.back-off.first=50ms",
                "--set=beacon.back-off.longest=500ms",
                "--set=beacon.spool.directory=" + directory.resolve("spool"));
    }

    private void look(GatewayProcess gateway) {
        String tail = RawClient.exchange(
                        gateway.adminPort(), "GET /beacon/tail?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
        Matcher keys = KEY.matcher(tail);
        while (keys.find()) {
            acknowledged.add(keys.group(1));
        }
    }

    private static void load(int port, AtomicBoolean ending) {
        while (!ending.get()) {
            try {
                RawClient.exchange(port, "GET /page HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
            } catch (RuntimeException | AssertionError killed) {
                return;
            }
        }
    }

    private void live(TestEsper esper, TestOrigin origin) {
        AtomicBoolean ending = new AtomicBoolean();
        try (GatewayProcess gateway = gateway(esper, origin)) {
            int port = gateway.port();
            gateway.adminPort();
            int before = acknowledged.size();
            CompletableFuture<?>[] visitors = new CompletableFuture<?>[VISITORS];
            Arrays.setAll(visitors, i -> CompletableFuture.runAsync(() -> load(port, ending), threads));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                look(gateway);
                return acknowledged.size() >= before + EVENTS_PER_LIFE;
            });
            gateway.kill();
            ending.set(true);
            CompletableFuture.allOf(visitors).join();
        }
    }

    @Test
    void noEventThatWasSafeIsLostByTwentyCrashes() {
        try (TestEsper esper = TestEsper.start();
                TestOrigin origin = TestOrigin.start()) {
            esper.answerBeacon(json -> {
                if (!healthy.get()) {
                    return EsperReply.status(503);
                }
                received.add(json.path("idempotency_key").asText());
                return EsperReply.json("{\"item_id\":\"1\"}");
            });
            for (int crash = 0; crash < CRASHES; crash++) {
                healthy.set(crash % 2 == 0);
                live(esper, origin);
            }
            healthy.set(true);
            try (GatewayProcess last = gateway(esper, origin)) {
                await().atMost(PATIENCE).until(() -> last.metrics().sum("esper_beacon_spool_events") == 0);
            }
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(CRASHES * EVENTS_PER_LIFE);
            assertThat(received).containsAll(acknowledged);
            assertThat(esper.violations()).isEmpty();
        }
    }
}
