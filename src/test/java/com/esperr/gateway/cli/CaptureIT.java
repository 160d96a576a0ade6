package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureIT {
    private static final String[] QUIET = {"--listen=127.0.0.1:0", "--admin=127.0.0.1:0"};

    @TempDir
    Path directory;

    private static int get(GatewayProcess gateway, String path) {
        return RawClient.exchange(
                        gateway.port(), "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: badbot\r\n\r\n")
                .status();
    }

    @Test
    void aDryRunPrintsTheEventsThatTheFilterLetsThroughAndNothingIsEnforced() {
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.start(
                        "capture",
                        "run",
                        "--origin=" + origin.url(),
                        QUIET[0],
                        QUIET[1],
                        "--set=policies.path=conf/policies/demo.conf",
                        "--dry-run",
                        "--filter={ field = request_path, operator = starts_with, value = /api }")) {
            assertThat(get(gateway, "/other")).isEqualTo(200);
            assertThat(get(gateway, "/api/items")).isEqualTo(200);
            assertThat(gateway.awaitLine(line -> line.startsWith("{\"tenant_id\"")))
                    .contains("\"path\":\"/api/items\"", "\"gateway_decision\":\"allow\"");
            assertThat(gateway.count(line -> line.startsWith("{\"tenant_id\""))).isEqualTo(1);
        }
    }

    @Test
    void everyRequestIsForwardedWhileEsperIsAwayAndTheEventsAreKeptAndShown() {
        try (TestOrigin origin = TestOrigin.start();
                TestEsper esper = TestEsper.start().inject(Fault.REFUSED);
                GatewayProcess gateway = GatewayProcess.start(
                        List.of(),
                        Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url()),
                        "capture",
                        "run",
                        "--origin=" + origin.url(),
                        QUIET[0],
                        QUIET[1],
                        "--set=esper.tenant-id=acme",
                        "--set=beacon.spool.directory=" + directory,
                        "--stats")) {
            assertThat(get(gateway, "/a")).isEqualTo(200);
            assertThat(get(gateway, "/b")).isEqualTo(200);
            gateway.awaitLine(line -> line.contains("2 events, 0 sent, 2 on disk"));
            Ran tail = Ran.command("beacon", "tail", "--admin=127.0.0.1:" + gateway.adminPort());
            assertThat(tail.code()).isZero();
            assertThat(tail.out()).hasSize(2).allMatch(line -> line.startsWith("{\"tenant_id\":\"acme\""));
        }
    }

    @Test
    void theTailOfAGatewayThatIsNotThereIsAFailureInWords() {
        Ran tail = Ran.command("beacon", "tail", "--admin=127.0.0.1:1");
        assertThat(tail.code()).isEqualTo(1);
        assertThat(tail.err()).singleElement().asString().startsWith("operator port 127.0.0.1:1: ");
    }
}
