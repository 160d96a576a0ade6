package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.TransportConfig.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process takes over from another one that has the same configuration: what both write to disk is there in the end, once. */
class SpoolRestartIT {
    private static final int REQUESTS = 50;

    @TempDir
    Path directory;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean healthy = new AtomicBoolean();
    private int asked;

    private GatewayProcess gateway(TestEsper esper, TestOrigin origin, String listen, String admin) {
        return GatewayProcess.start(
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url()),
                "run",
                "--origin=" + origin.url(),
                "--listen=" + listen,
                "--admin=" + admin,
                "--set=runtime.transport=epoll",
                "--set=handover.socket=" + directory.resolve("handover.sock"),
                "--set=shutdown.grace=1s",
                "--set=log.access=off",
                "--set=log.audit=" + directory.resolve("audit.log"),
                "--set=record.file=" + directory.resolve("record.jsonl"),
                "--set=esper.tenant-id=" + Configured.TENANT,
                "--set=beacon.mode=on",
                "--set=beacon.back-off.first=50ms",
                "--set=beacon.back-off.longest=500ms",
                "--set=beacon.spool.directory=" + directory.resolve("spool"));
    }

    private void ask(int port) {
        for (int i = 0; i < REQUESTS; i++) {
            String request = "GET /page HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n";
            assertThat(RawClient.exchange(port, request).status()).isEqualTo(200);
            asked++;
        }
    }

    private List<String> spools() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".mv"))
                    .toList();
        }
    }

    @Test
    void everyEventOfBothArrivesOnceAndNothingElseIsLost() throws IOException {
        assumeThat(EventLoops.available(Transport.EPOLL)).isTrue();
        try (TestEsper esper = TestEsper.start();
                TestOrigin origin = TestOrigin.start()) {
            esper.answerBeacon(json -> {
                if (!healthy.get()) {
                    return EsperReply.status(503);
                }
                received.add(json.path("idempotency_key").asText());
                return EsperReply.json("{\"item_id\":\"1\"}");
            });
            GatewayProcess running = gateway(esper, origin, "127.0.0.1:0", "127.0.0.1:0");
            int port = running.port();
            String admin = "127.0.0.1:" + running.adminPort();
            ask(port);
            for (int restart = 0; restart < 3; restart++) {
                try (GatewayProcess before = running) {
                    running = gateway(esper, origin, "127.0.0.1:" + port, admin);
                    assertThat(running.port()).isEqualTo(port);
                    ask(port);
                    assertThat(before.awaitExit()).isZero();
                }
                ask(port);
            }
            healthy.set(true);
            try (GatewayProcess last = running) {
                await().atMost(Patience.LIMIT).untilAsserted(() -> {
                    assertThat(received).hasSizeGreaterThanOrEqualTo(asked);
                    assertThat(spools()).hasSize(1);
                });
                await().atMost(Patience.LIMIT).until(() -> last.metrics().sum("esper_beacon_spool_events") == 0);
                assertThat(last.terminate().awaitExit()).isZero();
            }
            assertThat(received).doesNotHaveDuplicates().hasSize(asked);
            assertThat(Files.readAllLines(directory.resolve("record.jsonl"))).hasSize(asked);
            assertThat(esper.violations()).isEmpty();
        }
    }
}
