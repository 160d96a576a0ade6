package com.esperr.gateway.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway in mode hybrid, stopped and killed: what it remembers afterwards while Esper is away. */
class RestartIT {
    private static final int CRASHES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
    }

    private Path snapshot() {
        return directory.resolve("state").resolve("mitigations");
    }

    private GatewayProcess gateway(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--mode=hybrid",
                "--origin=" + origin.url(),
                "--listen=127.0.0.1:0",
                "--admin=127.0.0.1:0",
                "--set=log.access=off",
                "--set=esper.connect-timeout=5s",
                "--set=decision.timeout=10s",
                "--set=failure.normal.connect=open",
                "--set=hybrid.snapshot=" + snapshot()));
        arguments.addAll(List.of(more));
        return GatewayProcess.start(
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1"),
                Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url()),
                arguments.toArray(String[]::new));
    }

    private static int get(GatewayProcess gateway, String userAgent) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET / HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + userAgent
                                + "\r\nConnection: close\r\n\r\n")
                .status();
    }

    private int saved() {
        try {
            return Snapshot.read(snapshot(), 0, 1000)
                    .told()
                    .getOrDefault("learned", new Snapshot.Told(null, Map.of()))
                    .entries()
                    .size();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static void usesTheSnapshot(GatewayProcess gateway) {
        assertThat(gateway.count(line -> line.contains("hybrid.snapshot"))).isZero();
    }

    @Test
    void whatWasInTheSnapshotSurvivesEveryKill() {
        esper.answer(EsperReply.block("no bots"));
        for (int crash = 0; crash < CRASHES; crash++) {
            try (GatewayProcess gateway = gateway("--set=hybrid.snapshot-interval=100ms")) {
                esper.heal();
                assertThat(get(gateway, "bad-" + crash)).isEqualTo(403);
                int expected = crash + 1;
                await().atMost(PATIENCE).until(() -> saved() >= expected);
                esper.inject(Fault.REFUSED);
                for (int i = 0; i <= crash; i++) {
                    assertThat(get(gateway, "bad-" + i)).isEqualTo(403);
                }
                usesTheSnapshot(gateway);
                gateway.kill();
            }
        }
        assertThat(esper.decisionCalls()).hasSize(CRASHES);
        try (GatewayProcess gateway = gateway()) {
            for (int i = 0; i < CRASHES; i++) {
                assertThat(get(gateway, "bad-" + i)).isEqualTo(403);
            }
            assertThat(get(gateway, "somebody")).isEqualTo(200);
            usesTheSnapshot(gateway);
        }
    }

    @Test
    void aStopInOrderForgetsNothing() {
        esper.answer(EsperReply.block("no bots"));
        try (GatewayProcess gateway = gateway("--set=hybrid.snapshot-interval=1h")) {
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "bad-" + i)).isEqualTo(403);
            }
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
        esper.inject(Fault.REFUSED);
        try (GatewayProcess gateway = gateway()) {
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "bad-" + i)).isEqualTo(403);
            }
            assertThat(gateway.metrics().sum("esper_hybrid_entries")).isEqualTo(20);
        }
        assertThat(esper.decisionCalls()).hasSize(20);
    }

    @Test
    void aKillForgetsAtMostWhatTheSnapshotDoesNotHave() {
        esper.answer(EsperReply.block("no bots"));
        try (GatewayProcess gateway = gateway("--set=hybrid.snapshot-interval=1h")) {
            assertThat(get(gateway, "bad")).isEqualTo(403);
            gateway.kill();
        }
        esper.inject(Fault.REFUSED);
        try (GatewayProcess gateway = gateway()) {
            assertThat(get(gateway, "bad")).isEqualTo(200);
            usesTheSnapshot(gateway);
        }
    }

    @Test
    void aDamagedSnapshotIsAWarningAndNoReasonNotToStart() throws IOException {
        Files.createDirectories(snapshot().getParent());
        for (String content : List.of("", "EHYB", "something else entirely", "EHYB\0\0\0\7and more")) {
            Files.writeString(snapshot(), content);
            try (GatewayProcess gateway = gateway()) {
                assertThat(get(gateway, "somebody")).isEqualTo(200);
                assertThat(gateway.readiness()).isEqualTo(200);
                assertThat(gateway.awaitLine(line -> line.contains("hybrid.snapshot:")))
                        .contains("WARN", snapshot().toString(), "cannot be used, nothing is remembered");
            }
        }
    }
}
