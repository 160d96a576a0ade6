package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Crowd;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an attacker costs others: while he is at it, and is closed and counted, every request of a visitor is answered, and what he
 * has occupied is free again afterwards, as the system sees it. The gateway has a process of its own, one event loop, and a heap that
 * takes all of its memory at once, so that what it grows by is something else. How long visitors waited is printed, and judged by
 * nobody: that depends on the machine. That no turn of the event loop is long is the affair of {@link TurnsTest}.
 */
class UnderAttackIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VISITS = 200;
    private static final int LEAST_WAVES = 3;
    private static final int MOST_WAVES = 100;
    private static final int ATTACKERS = 100;
    private static final double MORE_DIRECT = 24 << 20;

    /** Compiled code, classes, stacks and what the allocators of Java and C keep. */
    private static final long MORE_RESIDENT = 64 << 20;

    private static final TestOrigin ORIGIN = TestOrigin.start();
    private static GatewayProcess gateway;
    private static long quiet;

    @BeforeAll
    static void open() {
        gateway = GatewayProcess.start(
                List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch"),
                Map.of(),
                "run",
                "--listen=127.0.0.1:0",
                "--origin=" + ORIGIN.url(),
                "--set=admin.address=127.0.0.1:0",
                "--set=log.access=off",
                "--set=runtime.event-loops=1",
                "--set=limits.connections=20000",
                "--set=limits.header-timeout=2s",
                "--set=limits.body-timeout=2s",
                "--set=limits.idle-timeout=6s");
        ORIGIN.on("/large", Behaviours.stream(8 << 20));
        // The classes and the compiler are no attackers.
        visits(5 * VISITS);
        for (Flood kind : Flood.values()) {
            if (kind != Flood.REFUSED_STREAM) {
                wave(Http2Floods.of(kind));
            }
        }
        quiet = p99(visits(VISITS));
    }

    @AfterAll
    static void close() {
        gateway.close();
        ORIGIN.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flood.class,
            names = {"REFUSED_STREAM", "UNKNOWN"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFloodOfFrames(Flood kind) {
        byte[] frames = Http2Floods.of(kind);
        double before = floods(kind);
        int waves = underAttack(kind.label(), () -> wave(frames));
        assertThat(floods(kind) - before).isEqualTo(waves);
    }

    /** One connection on which that is sent, and which is closed for it. */
    private static void wave(byte[] frames) {
        try (RawHttp2Client attacker = RawHttp2Client.connect(gateway.port())) {
            attacker.trySendRaw(frames);
            assertThat(attacker.closedByPeer()).isTrue();
        }
    }

    private static double floods(Flood kind) {
        return metric("esper_http2_floods_total", "kind=" + kind.label());
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
        once("slow readers", () -> {
            List<RawClient> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < ATTACKERS / 4; i++) {
                    attackers.add(RawClient.connect(gateway.port()));
                    attackers.get(i).send(Scene.request("GET /large"));
                }
                // It reads nothing, and is cut.
                await().atMost(PATIENCE).until(() -> metric("esper_requests_open") <= 1);
            } finally {
                attackers.forEach(RawClient::close);
            }
        });
    }

    @Test
    void tenThousandConnectionsThatSayNothing() {
        int count = (int) Math.min(10_000, gateway.maxOpenFiles() - 1_000);
        double before = metric("esper_client_connections_accepted_total");
        once(count + " idle connections", () -> {
            try (Crowd crowd = Crowd.of(gateway.port(), count)) {
                double open = metric("esper_client_connections");
                assertThat(metric("esper_client_connections_accepted_total") - before)
                        .isGreaterThanOrEqualTo(count);
                System.out.printf("%s: %.0f open at once%n", crowd, open);
                // Each is closed once it has said nothing for too long.
                await().atMost(PATIENCE).until(() -> metric("esper_client_connections") <= 10);
            }
        });
    }

    /** Many who send that and no more, and are told so with {@code status} and closed. */
    private static void slowly(String name, String bytes, String status) {
        once(name, () -> {
            List<RawClient> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < ATTACKERS; i++) {
                    attackers.add(RawClient.connect(gateway.port()));
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

    /** An attack that takes its time. */
    private static void once(String name, Runnable attack) {
        underAttack(name, attack, 1, 1);
    }

    private static int underAttack(String name, Runnable wave) {
        return underAttack(name, wave, LEAST_WAVES, MOST_WAVES);
    }

    /** Attacks for as long as the visits take, in {@code least} to {@code most} waves; how many there were. */
    private static int underAttack(String name, Runnable wave, int least, int most) {
        double direct = metric("esper_direct_memory_bytes");
        long resident = gateway.residentBytes();
        List<Throwable> failed = new ArrayList<>();
        AtomicInteger waves = new AtomicInteger();
        AtomicBoolean visiting = new AtomicBoolean(true);
        Thread attacker = new Thread(() -> {
            try {
                while (waves.get() < least || (visiting.get() && waves.get() < most)) {
                    wave.run();
                    waves.incrementAndGet();
                }
            } catch (RuntimeException | Error e) {
                failed.add(e);
            }
        });
        attacker.start();
        List<Long> waited = new ArrayList<>();
        while (attacker.isAlive() || waited.size() < VISITS) {
            waited.addAll(visits(5));
            visiting.set(waited.size() < VISITS);
        }
        assertThat(failed).isEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(metric("esper_requests_open")).isZero();
            assertThat(metric("esper_client_connections")).isLessThanOrEqualTo(1);
            assertThat(metric("esper_direct_memory_bytes")).isLessThan(direct + MORE_DIRECT);
            assertThat(gateway.residentBytes()).isLessThan(resident + MORE_RESIDENT);
        });
        System.out.printf(
                "%s: %d waves, %d visits, p99 %.1f ms, %.1f times the quiet %.1f ms; resident %d MiB, before %d MiB%n",
                name,
                waves.get(),
                waited.size(),
                p99(waited) / 1e6,
                (double) p99(waited) / quiet,
                quiet / 1e6,
                gateway.residentBytes() >> 20,
                resident >> 20);
        return waves.get();
    }

    /** How long so many requests took, each on a connection of its own; all of them are answered as they should be. */
    private static List<Long> visits(int count) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            RawResponse response = RawClient.exchange(gateway.port(), Scene.request("GET /visit"));
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

    private static double metric(String name, String... labels) {
        return gateway.metrics().sum(name, labels);
    }
}
