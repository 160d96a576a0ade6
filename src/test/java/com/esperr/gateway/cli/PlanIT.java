package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.esperr.gateway.testkit.Crowd;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan} says, beside what a gateway with the settings that it prints takes. */
class PlanIT {
    private static final int ENTITIES = 100_000;
    private static final int CONNECTIONS = 2000;
    private static final int TOGETHER = 100;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    @TempDir
    private Path directory;

    @Test
    void thePlanIsWithinFifteenPercentOfWhatIsMeasured() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "no /proc: resident memory cannot be read");
        assumeTrue(Files.exists(JCMD), "no jcmd in this Java: its heap cannot be collected from outside");
        MemoryPlan plan = new MemoryPlan(ENTITIES, CONNECTIONS);
        try (GatewayProcess gateway = gateway(plan)) {
            assumeTrue(gateway.maxOpenFiles() > CONNECTIONS + 500, "too few open files");
            visit(gateway.port());
            assertThat(gateway.metrics().sum("esper_windows")).isEqualTo(ENTITIES);
            assertThat(gateway.metrics().sum("esper_mitigations")).isEqualTo(ENTITIES);
            try (Crowd crowd = Crowd.of(gateway.port(), CONNECTIONS, 0)) {
                await().atMost(LONG).until(() -> gateway.metrics().sum("esper_client_connections") >= CONNECTIONS);
                collect(gateway);
                double heap = gateway.metrics().sum("jvm_memory_used_bytes", "area=heap");
                long resident = gateway.residentBytes();
                System.out.printf(
                        "%s: heap %.1f MiB (planned %.1f), resident %d MiB (planned %d)%n",
                        crowd, heap / (1 << 20), plan.heap() / 1048576.0, resident >> 20, plan.resident() >> 20);
                assertThat((double) plan.heap()).isCloseTo(heap, withinPercentage(15));
                assertThat((double) plan.resident()).isCloseTo(resident, withinPercentage(15));
                assertThat(resident).isLessThan(plan.container());
            }
        }
    }

    private GatewayProcess gateway(MemoryPlan plan) throws IOException {
        Path policies = Files.writeString(directory.resolve("once.conf"), """
                policies = [ { policy_id = once, priority = 1, clauses = [ { name = once, entity = ip-user-agent
                  match { field = request_path, operator = Eq, value = /once }
                  window { seconds = 3600, threshold = 1 }, mitigation = block, lifetime = 1h } ] } ]
                """);
        String heap = (plan.largestHeap() >> 20) + "m";
        return GatewayProcess.start(
                // So that the heap has been used to the end, which takes a gateway its time.
                List.of(
                        "-Xmx" + heap,
                        "-Xms" + heap,
                        "-XX:+AlwaysPreTouch",
                        "-XX:MaxDirectMemorySize=" + (plan.largestDirect() >> 20) + "m"),
                Map.of(),
                "run",
                "--origin",
                "http://127.0.0.1:1",
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--set",
                "policies.path=" + policies,
                "--set",
                "client.trusted-proxies=loopback",
                "--set",
                "log.access=off",
                "--set",
                "explain.per-second=1",
                "--set",
                "limits.header-timeout=10m",
                "--set",
                "limits.idle-timeout=10m",
                "--set",
                "limits.requests-per-connection=" + 2 * ENTITIES);
    }

    /** Each visitor comes once, so that he is counted and blocked from then on. */
    private static void visit(int port) {
        try (RawClient client = RawClient.connect(port).readTimeout(LONG)) {
            for (int i = 0; i < ENTITIES; i += TOGETHER) {
                StringBuilder requests = new StringBuilder();
                for (int k = i; k < i + TOGETHER; k++) {
                    requests.append("GET /once HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: a\r\nX-Forwarded-For: 10.")
                            .append(k >> 16)
                            .append('.')
                            .append(k >> 8 & 255)
                            .append('.')
                            .append(k & 255)
                            .append("\r\n\r\n");
                }
                client.send(requests.toString());
                for (int k = 0; k < TOGETHER; k++) {
                    assertThat(client.readResponse().status()).isEqualTo(403);
                }
            }
        }
    }

    private static void collect(GatewayProcess gateway) throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            Process jcmd = new ProcessBuilder(JCMD.toString(), Long.toString(gateway.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .start();
            assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
