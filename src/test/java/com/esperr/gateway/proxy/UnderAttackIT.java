package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.Attacker;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Crowd;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * takes all of its memory at once, so that what it grows by is something else; so has the attacker. How long visitors waited is
 * printed, and says as much about whatever else the machine does. On one that does nothing else, {@code -Dattack.ratio=3} makes it a
 * rule: of some rounds of quiet and attack in turns, the least p99 of visitors under attack is at most so many times the least of those
 * left in peace, where less than the turn of a scheduler counts as one. That no turn of the event loop is long is the affair of
 * {@link TurnsTest}.
 */
class UnderAttackIT {
    private static final int RATIO = Integer.getInteger("attack.ratio", 0);
    private static final int ROUNDS = RATIO > 0 ? 4 : 1;
    private static final double LEAST_QUIET = 5e6;

    /** Where it is to be the gateway that is measured, whoever attacks it leaves it the processor. */
    private static final int NICENESS = RATIO > 0 ? 19 : 0;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
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
    private static Attacker attacker;

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
        attacker = Attacker.on(gateway.port(), NICENESS);
        for (Flood kind : Flood.values()) {
            if (kind != Flood.REFUSED_STREAM) {
                wave(connection(kind));
            }
        }
    }

    @AfterAll
    static void close() {
        attacker.close();
        gateway.close();
        ORIGIN.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flood.class,
            names = {"REFUSED_STREAM", "UNKNOWN"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFloodOfFrames(Flood kind) {
        byte[] bytes = connection(kind);
        double before = floods(kind);
        int waves = underAttack(kind.label(), () -> wave(bytes));
        assertThat(floods(kind) - before).isEqualTo(waves);
    }

    /** What is sent on a connection that is such a flood. */
    private static byte[] connection(Flood kind) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0));
        bytes.writeBytes(Http2Floods.of(kind));
        return bytes.toByteArray();
    }

    /** One connection on which that is sent, and which is closed for it. */
    private static void wave(byte[] bytes) {
        assertThat(attacker.send(1, bytes)).isEmpty();
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
            attacker.hold(ATTACKERS / 4, Scene.request("GET /large").getBytes(StandardCharsets.US_ASCII));
            // It reads nothing, and is cut.
            await().atMost(PATIENCE).until(() -> metric("esper_requests_open") <= 1);
            attacker.release();
        });
    }

    @Test
    void tenThousandConnectionsThatSayNothing() {
        int count = (int) Math.min(10_000, gateway.maxOpenFiles() - 1_000);
        double before = metric("esper_client_connections_accepted_total");
        // One round: there are not ports for more within the minute for which each of them is taken.
        underAttack(
                count + " idle connections",
                () -> {
                    try (Crowd crowd = Crowd.of(gateway.port(), count, NICENESS)) {
                        double open = metric("esper_client_connections");
                        assertThat(metric("esper_client_connections_accepted_total") - before)
                                .isGreaterThanOrEqualTo(count);
                        System.out.printf("%s: %.0f open at once%n", crowd, open);
                        // Each is closed once it has said nothing for too long.
                        await().atMost(PATIENCE).until(() -> metric("esper_client_connections") <= 10);
                    }
                },
                1,
                1,
                1);
    }

    /** Many who send that and no more, and are told so with {@code status} and closed. */
    private static void slowly(String name, String bytes, String status) {
        once(
                name,
                () -> assertThat(attacker.send(ATTACKERS, bytes.getBytes(StandardCharsets.ISO_8859_1)))
                        .isSubsetOf("HTTP/1.1 " + status));
    }

    /** An attack that takes its time. */
    private static void once(String name, Runnable attack) {
        underAttack(name, attack, 1, 1, ROUNDS);
    }

    private static int underAttack(String name, Runnable wave) {
        return underAttack(name, wave, LEAST_WAVES, MOST_WAVES, ROUNDS);
    }

    /** Attacks in {@code least} to {@code most} waves in each round, for as long as the visits take; how many there were in all. */
    private static int underAttack(String name, Runnable wave, int least, int most, int rounds) {
        double direct = metric("esper_direct_memory_bytes");
        long resident = gateway.residentBytes();
        long attacked = Long.MAX_VALUE;
        long quiet = Long.MAX_VALUE;
        int waves = 0;
        for (int round = 0; round < rounds; round++) {
            long before = p99(visits(VISITS));
            Attack attack = new Attack(wave, least, most);
            long waited = p99(attack.visited());
            waves += attack.waves.get();
            attacked = Math.min(attacked, waited);
            quiet = Math.min(quiet, before);
            System.out.printf(
                    "%s: %d waves, p99 %.1f ms, before %.1f ms%n",
                    name, attack.waves.get(), waited / 1e6, before / 1e6);
        }
        double ratio = attacked / Math.max(LEAST_QUIET, quiet);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(metric("esper_requests_open")).isZero();
            assertThat(metric("esper_client_connections")).isLessThanOrEqualTo(1);
            assertThat(metric("esper_direct_memory_bytes")).isLessThan(direct + MORE_DIRECT);
            assertThat(gateway.residentBytes()).isLessThan(resident + MORE_RESIDENT);
        });
        System.out.printf(
                "%s: %.1f times the quiet p99, resident %d MiB, before %d MiB%n",
                name, ratio, gateway.residentBytes() >> 20, resident >> 20);
        if (RATIO > 0) {
            assertThat(ratio).as("p99 under attack, in quiet ones").isLessThanOrEqualTo(RATIO);
        }
        return waves;
    }

    /** Waves from a thread of their own, and visits at the same time. */
    private static final class Attack {
        private final AtomicInteger waves = new AtomicInteger();
        private final AtomicBoolean visiting = new AtomicBoolean(true);
        private final List<Throwable> failed = new CopyOnWriteArrayList<>();
        private final Thread thread;

        private Attack(Runnable wave, int least, int most) {
            thread = new Thread(() -> {
                try {
                    while (waves.get() < least || (visiting.get() && waves.get() < most)) {
                        wave.run();
                        waves.incrementAndGet();
                    }
                } catch (RuntimeException | Error e) {
                    failed.add(e);
                }
            });
            thread.start();
        }

        /** How long visitors waited until it was over, and there were enough of them. */
        private List<Long> visited() {
            List<Long> waited = new ArrayList<>();
            while (thread.isAlive() || waited.size() < VISITS) {
                waited.addAll(visits(5));
                visiting.set(waited.size() < VISITS);
                if (!visiting.get()) {
                    pause();
                }
            }
            assertThat(failed).isEmpty();
            return waited;
        }

        /** A connection takes its port for a minute, and there are no more than some ten thousand. */
        private void pause() {
            try {
                thread.join(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
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
