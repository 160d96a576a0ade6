package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static final String TENANT = "--set=esper.tenant-id=acme";

    private String spool() {
        return "--set=beacon.spool.directory=" + directory.resolve("spool");
    }

    private static Map<String, String> environment(TestEsper esper) {
        return Map.of("ESPER_API_KEY", TestEsper.API_KEY, "ESPER_API_URL", esper.url());
    }

    private static GatewayProcess run(TestEsper esper, String... arguments) {
        return GatewayProcess.start(List.of("-XX:TieredStopAtLevel=1"), environment(esper), arguments);
    }

    private static List<String> events(GatewayProcess process) {
        return process.lines().stream()
                .filter(line -> line.startsWith("{\"tenant_id\""))
                .toList();
    }

    @Test
    void whatIsCapturedIsSentAndNothingIsEnforcedWhateverEsperAnswers() {
        try (TestOrigin origin = TestOrigin.start();
                TestEsper esper = TestEsper.start()
                        .answerBeacon(json -> EsperReply.json("{\"active_mitigation\":{\"decision\":\"Block\"}}"));
                GatewayProcess gateway = run(
                        esper,
                        "capture",
                        "run",
                        "--origin=" + origin.url(),
                        QUIET[0],
                        QUIET[1],
                        TENANT,
                        spool(),
                        "--stats",
                        "--filter=" + filterFile("{ field = request_path, operator = starts_with, value = /api }"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(gateway, "/api/" + i)).isEqualTo(200);
                assertThat(get(gateway, "/other")).isEqualTo(200);
            }
            assertThat(gateway.awaitLine(line -> line.contains("5 events, 5 sent, 0 on disk")))
                    .contains("0 failed calls, 0 put aside, 0 dropped");
            assertThat(esper.beaconCalls()).hasSize(5);
            assertThat(esper.decisionCalls()).isEmpty();
            assertThat(esper.violations()).isEmpty();
        }
    }

    private Path filterFile(String condition) {
        try {
            return Files.writeString(directory.resolve("filter.conf"), condition);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDryRunPrintsEveryEventBeforeItEndsAndAsksNobody() {
        try (TestOrigin origin = TestOrigin.start();
                TestEsper esper = TestEsper.start();
                GatewayProcess gateway =
                        run(esper, "capture", "run", "--origin=" + origin.url(), QUIET[0], QUIET[1], "--dry-run")) {
            for (int i = 0; i < 50; i++) {
                assertThat(get(gateway, "/" + i)).isEqualTo(200);
            }
            assertThat(gateway.terminate().awaitExit()).isZero();
            gateway.awaitLine(line -> line.contains("\"path\":\"/49\""));
            assertThat(events(gateway)).hasSize(50);
            assertThat(esper.calls()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/no/such/file | --filter: /no/such/file cannot be read (expected: a condition such as",
                "'' | --filter:  cannot be read (expected: a condition such as",
                "{ field = nope, operator = equals, value = 1 } | --filter: ",
                "{ field = request_path, operator = nope, value = 1 } | --filter: ",
                "{ broken | --filter: filter: "
            })
    void aFilterThatIsNoneIsRefusedInOneLine(String filter, String message) {
        Ran ran = Ran.command("capture", "run", "--origin=http://127.0.0.1:1", "--dry-run", "--filter=" + filter);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).first().asString().startsWith(message);
        assertThat(ran.err()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void withoutATenantAndAKeyNothingIsSentAndThatIsSaid() {
        try (GatewayProcess gateway = GatewayProcess.start("capture", "run", "--origin=http://127.0.0.1:1")) {
            assertThat(gateway.awaitExit()).isEqualTo(2);
            gateway.awaitLine(line -> line.contains("esper: no API key (expected: ESPER_API_KEY"));
            gateway.awaitLine(line -> line.contains("esper.tenant-id: not set (expected: the tenant"));
        }
    }

    private GatewayProcess capture(TestEsper esper, TestOrigin origin, int admin) {
        return run(
                esper,
                "capture",
                "run",
                "--origin=" + origin.url(),
                QUIET[0],
                "--admin=127.0.0.1:" + admin,
                TENANT,
                spool());
    }

    @Test
    void theTailFollowsByteForByteAndAcrossARestart() {
        try (TestOrigin origin = TestOrigin.start();
                TestEsper esper = TestEsper.start()) {
            try (GatewayProcess first = capture(esper, origin, 0)) {
                int admin = first.adminPort();
                get(first, "/0");
                try (GatewayProcess tail = run(esper, "beacon", "tail", "--admin=127.0.0.1:" + admin, "--follow")) {
                    tail.awaitLine(line -> line.contains("\"path\":\"/0\""));
                    get(first, "/1");
                    tail.awaitLine(line -> line.contains("\"path\":\"/1\""));
                    assertThat(first.terminate().awaitExit()).isZero();
                    tail.awaitLine(line -> line.startsWith("operator port 127.0.0.1:"));
                    try (GatewayProcess again = capture(esper, origin, admin)) {
                        get(again, "/2");
                        tail.awaitLine(line -> line.contains("\"path\":\"/2\""));
                    }
                    assertThat(events(tail))
                            .isEqualTo(esper.beaconCalls().stream()
                                    .map(call -> call.request().bodyText())
                                    .toList());
                    assertThat(tail.interrupt().awaitExit()).isEqualTo(130);
                }
            }
        }
    }

    @Test
    void aTailThatMakesNoSenseIsRefused() {
        Ran tail = Ran.command("beacon", "tail", "--admin=127.0.0.1:1", "--limit=1001");
        assertThat(tail.code()).isEqualTo(2);
        assertThat(tail.err()).containsExactly("--limit: 1001 (expected: 0..1000)");
        assertThat(Ran.command("beacon", "tail", "--admin=").code()).isEqualTo(2);
    }

    @Test
    void theTailOfAGatewayThatSendsNothingSaysSo() {
        try (TestOrigin origin = TestOrigin.start();
                GatewayProcess gateway = GatewayProcess.start("run", "--origin=" + origin.url(), QUIET[0], QUIET[1])) {
            Ran tail = Ran.command("beacon", "tail", "--admin=127.0.0.1:" + gateway.adminPort());
            assertThat(tail.code()).isEqualTo(1);
            assertThat(tail.err()).singleElement().asString().contains("status 404", "beacon.mode = on");
        }
    }
}
