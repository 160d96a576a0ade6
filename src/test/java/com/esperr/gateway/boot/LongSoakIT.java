package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged gateway at seven tenths of what the same visitors get out of it at full speed, while the origin restarts, resets and
 * stalls and the service fails: ten rounds of which the later hold no more heap, direct memory, files, threads and connections than the
 * earlier. Three seconds a round, or as many as the property {@code soak.round-seconds} says; 60 make the ten minutes of a release.
 */
class LongSoakIT {
    private static final int ROUNDS = 10;
    private static final long ROUND_MILLIS = 1000 * Long.getLong("soak.round-seconds", 3);
    private static final int CLIENTS = 48;
    private static final List<Fault> FAULTS = List.of(
            Fault.SILENT, Fault.STALL_AT, Fault.RESET_AT, Fault.CLOSE_BEFORE_REPLY, Fault.STATUS_503, Fault.GARBAGE);

    @TempDir
    private Path directory;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final SoakClient.Tally tally = new SoakClient.Tally(wrong);
    private final TestOrigin origin = TestOrigin.start(new SoakOrigin(wrong));
    private final TestEsper esper = TestEsper.start();
    private final SoakDisturbance disturbance = new SoakDisturbance(origin, esper, FAULTS, tally);

    /** What the process holds when nobody asks anything, after a collection. */
    private record Held(double heap, double direct, double files, double threads, double upstream) {
        static Held by(GatewayProcess gateway) {
            Shell.run(Path.of(System.getProperty("java.home"), "bin", "jcmd") + " " + gateway.pid() + " GC.run");
            MetricsSnapshot now = gateway.metrics();
            return new Held(
                    now.sum("jvm_memory_used_bytes", "area=heap"),
                    now.sum("esper_direct_memory_bytes"),
                    now.sum("process_files_open_files"),
                    now.sum("jvm_threads_live_threads"),
                    now.sum("esper_upstream_connections", "state=idle"));
        }
    }

    @AfterEach
    void close() {
        esper.close();
        origin.close();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothingGrows() throws Exception {
        esper.answer(
                json -> json.at("/request/path").asText().endsWith("7/") ? EsperReply.block("7") : EsperReply.allow());
        try (GatewayProcess gateway = gateway()) {
            visit(gateway, SoakPace.unlimited());
            long before = asked();
            visit(gateway, SoakPace.unlimited());
            double fullSpeed = (asked() - before) * 1000.0 / ROUND_MILLIS;
            List<Held> held = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                visit(gateway, SoakPace.of(0.7 * fullSpeed));
                awaitQuiet(gateway);
                held.add(Held.by(gateway));
            }
            System.err.println("soak: " + ROUNDS + " rounds of " + ROUND_MILLIS + " ms, at most "
                    + Math.round(0.7 * fullSpeed) + " visits a second (full speed " + Math.round(fullSpeed) + "), "
                    + tally.whole()
                    + " whole answers, " + tally.own() + " of the gateway's own, " + tally.cut() + " cut, "
                    + tally.left() + " left");
            held.forEach(one -> System.err.println("soak: " + one));
            check(held);
            assertThat(gateway.metrics().sum("esper_failures_total", "reason=internal"))
                    .isZero();
            assertThat(gateway.lines()).noneMatch(line -> line.contains(" ERROR ") || line.contains("LEAK"));
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
        assertThat(tally.whole().get()).isPositive();
        assertThat(tally.own().get()).isPositive();
        assertThat(wrong).isEmpty();
        assertThat(esper.violations()).isEmpty();
    }

    private GatewayProcess gateway() {
        List<String> arguments = new ArrayList<>(List.of("run", "--origin", origin.url()));
        arguments.addAll(List.of("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
        Map.ofEntries(
                        Map.entry("mode", "cloud"),
                        Map.entry("origin.response-timeout", "300ms"),
                        Map.entry("origin.idle-timeout", "300ms"),
                        Map.entry("esper.api-url", esper.url()),
                        Map.entry("esper.breaker.pause", "50ms"),
                        Map.entry("decision.timeout", "50ms"),
                        Map.entry("limits.half-close", "200ms"),
                        Map.entry(
                                "beacon.spool.directory",
                                directory.resolve("spool").toString()),
                        Map.entry("beacon.back-off.first", "100ms"),
                        Map.entry("beacon.back-off.longest", "500ms"),
                        Map.entry("explain.entries", "200"),
                        Map.entry("log.access", directory.resolve("access.log").toString()))
                .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return GatewayProcess.start(
                List.of(
                        "-Xmx128m",
                        "-Dio.netty.leakDetection.level=advanced",
                        "-Dio.netty.leakDetection.samplingInterval=128"),
                Map.of("ESPER_API_KEY", TestEsper.API_KEY),
                arguments.toArray(new String[0]));
    }

    private long asked() {
        return tally.visits().get();
    }

    private void visit(GatewayProcess gateway, SoakPace pace) throws Exception {
        disturbance.run(gateway.port(), CLIENTS, pace, ROUND_MILLIS);
        origin.forget();
        esper.forget();
    }

    private static void awaitQuiet(GatewayProcess gateway) {
        await().untilAsserted(() -> {
            MetricsSnapshot now = gateway.metrics();
            assertThat(now.sum("esper_requests_open")).as("requests open").isZero();
            assertThat(now.sum("esper_client_connections"))
                    .as("client connections")
                    .isZero();
            assertThat(now.sum("esper_upstream_connections", "state=leased"))
                    .as("upstream leased")
                    .isZero();
            assertThat(now.sum("esper_upstream_waiting")).as("upstream waiting").isZero();
            assertThat(now.sum("esper_decision_waiting")).as("decision waiting").isZero();
            assertThat(now.sum("esper_beacon_spool_events"))
                    .as("spooled events")
                    .isZero();
        });
    }

    /** The best of the last three rounds holds hardly more than the worst of the three behind the first. */
    private static void check(List<Held> held) {
        List<Held> early = held.subList(1, 4);
        List<Held> late = held.subList(ROUNDS - 3, ROUNDS);
        assertThat(least(late, Held::heap)).as("heap").isLessThanOrEqualTo(1.05 * most(early, Held::heap) + (1 << 20));
        assertThat(least(late, Held::direct))
                .as("direct memory")
                .isLessThanOrEqualTo(1.1 * most(early, Held::direct) + (4 << 20));
        assertThat(least(late, Held::files)).as("open files").isLessThanOrEqualTo(most(early, Held::files) + 4);
        assertThat(least(late, Held::threads)).as("threads").isLessThanOrEqualTo(most(early, Held::threads) + 1);
        assertThat(least(late, Held::upstream))
                .as("idle connections")
                .isLessThanOrEqualTo(most(early, Held::upstream) + 4);
    }

    private static double least(List<Held> held, ToDoubleFunction<Held> what) {
        return held.stream().mapToDouble(what).min().orElseThrow();
    }

    private static double most(List<Held> held, ToDoubleFunction<Held> what) {
        return held.stream().mapToDouble(what).max().orElseThrow();
    }
}
