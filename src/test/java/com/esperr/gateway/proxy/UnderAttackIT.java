package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Crowd;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an attacker costs others: while he is at it, and is closed and counted, every request of a visitor is answered, and what he
 * has occupied is free again afterwards. How long visitors waited is printed, and judged by nobody: that depends on the machine.
 */
class UnderAttackIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VISITS = 50;
    private static final int WAVES = 3;
    private static final int ATTACKERS = 100;
    private static final double MORE_DIRECT = 24 << 20;
    private static final long MORE_HEAP = 96 << 20;

    private static Scene scene;
    private static long quiet;

    @BeforeAll
    static void open() {
        scene = Scene.with(
                "limits.connections", "20000",
                "limits.header-timeout", "2s",
                "limits.body-timeout", "2s",
                "limits.idle-timeout", "6s");
        scene.origin.on("/large", Behaviours.stream(8 << 20));
        visits(VISITS);
        quiet = p99(visits(VISITS));
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flood.class,
            names = {"REFUSED_STREAM", "UNKNOWN"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFloodOfFrames(Flood kind) {
        byte[] frames = Http2Floods.of(kind);
        String counter = "esper_http2_floods_total{kind=\"" + kind.label() + "\"}";
        double before = scene.gateway.metric(counter);
        underAttack(kind.label(), () -> {
            for (int i = 0; i < WAVES; i++) {
                try (RawHttp2Client attacker = RawHttp2Client.connect(scene.gateway.port())) {
                    attacker.trySendRaw(frames);
                    assertThat(attacker.closedByPeer()).isTrue();
                }
            }
        });
        assertThat(scene.gateway.metric(counter) - before).isEqualTo(WAVES);
    }

    @Test
    void headsThatNeverEnd() {
        slowly("slow heads", "GET / HTTP/1.1\r\nHost: gw.test\r\nX: ", "408");
    }

    @Test
    void bodiesThatNeverEnd() {
        slowly("slow bodies", "POST /slow HTTP/1.1\r\nHost: gw.test\r\nContent-Length: 1000\r\n\r\nx", "408");
    }

    @Test
    void headsThatAreTooLarge() {
        slowly("header bombs", "GET / HTTP/1.1\r\nHost: gw.test\r\nX: " + "x".repeat(200_000), "431");
    }

    @Test
    void responsesThatNobodyReads() {
        underAttack("slow readers", () -> {
            List<RawClient> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < ATTACKERS / 4; i++) {
                    attackers.add(RawClient.connect(scene.gateway.port()));
                    attackers.get(i).send(Scene.request("GET /large"));
                }
                // It reads nothing, and is cut.
                await().atMost(PATIENCE).until(() -> scene.gateway.metric("esper_requests_open") <= 1);
            } finally {
                attackers.forEach(RawClient::close);
            }
        });
    }

    @Test
    void tenThousandConnectionsThatSayNothing() {
        int count = Math.min(10_000, spareFiles() - 1_000);
        double before = scene.gateway.metric("esper_client_connections_accepted_total");
        underAttack(count + " idle connections", () -> {
            try (Crowd crowd = Crowd.of(scene.gateway.port(), count)) {
                double open = scene.gateway.metric("esper_client_connections");
                assertThat(scene.gateway.metric("esper_client_connections_accepted_total") - before)
                        .isGreaterThanOrEqualTo(count);
                System.out.printf("%s: %.0f open at once%n", crowd, open);
                // Each is closed once it has said nothing for too long.
                await().atMost(PATIENCE).until(() -> scene.gateway.metric("esper_client_connections") <= 10);
            }
        });
    }

    /** Many who send that and no more, and are told so with {@code status} and closed. */
    private static void slowly(String name, String bytes, String status) {
        underAttack(name, () -> {
            List<RawClient> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < ATTACKERS; i++) {
                    attackers.add(RawClient.connect(scene.gateway.port()));
                    attackers.get(i).trySend(bytes.getBytes(StandardCharsets.ISO_8859_1));
                }
                for (RawClient attacker : attackers) {
                    String answer = attacker.readUntilClose();
                    if (!answer.isEmpty()) {
                        assertThat(answer).startsWith("HTTP/1.1 " + status);
                    }
                }
            } finally {
                attackers.forEach(RawClient::close);
            }
        });
    }

    private static void underAttack(String name, Runnable attack) {
        double direct = scene.gateway.metric("esper_direct_memory_bytes");
        long heap = heap();
        List<Throwable> failed = new ArrayList<>();
        Thread attacker = new Thread(() -> {
            try {
                attack.run();
            } catch (RuntimeException | Error e) {
                failed.add(e);
            }
        });
        attacker.start();
        List<Long> waited = new ArrayList<>();
        while (attacker.isAlive() || waited.size() < VISITS) {
            waited.addAll(visits(5));
        }
        assertThat(failed).isEmpty();
        System.out.printf(
                "%s: %d visits, p99 %.1f ms, %.1f times the quiet %.1f ms%n",
                name, waited.size(), p99(waited) / 1e6, (double) p99(waited) / quiet, quiet / 1e6);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(scene.gateway.metric("esper_requests_open")).isZero();
            assertThat(scene.gateway.metric("esper_client_connections")).isLessThanOrEqualTo(1);
            assertThat(scene.gateway.metric("esper_direct_memory_bytes")).isLessThan(direct + MORE_DIRECT);
        });
        assertThat(heap()).isLessThan(heap + MORE_HEAP);
    }

    /** How long so many requests took, each on a connection of its own; all of them are answered as they should be. */
    private static List<Long> visits(int count) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            RawResponse response = scene.ask("GET /visit");
            nanos.add(System.nanoTime() - begun);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).isEqualTo("GET /visit\n");
        }
        return nanos;
    }

    private static long p99(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static int spareFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(1 << 20, unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount())
                : 4_000;
    }
}
