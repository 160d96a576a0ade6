package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mode monitor with either source: everything is decided, counted and logged as it would be, and nothing is enforced. */
class MonitorModeIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POLICIES = """
            mitigations = [ { mitigation_id = checks, mode = challenge, return_url_template = "/checks" } ]
            policies = [ { policy_id = watched, priority = 1, clauses = [
              { match { field = request_path, operator = starts_with, value = "/block" }, mitigation = block }
              { match { field = request_path, operator = starts_with, value = "/challenge" }, mitigation = checks } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private final TestEsper esper = TestEsper.start();

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
        assertThat(esper.violations()).isEmpty();
        assertThat(origin.violations()).isEmpty();
    }

    // Not hybrid: there the block that was learned from the second request is what the third one meets.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HYBRID")
    void whatWouldHaveBeenDoneIsCountedAndLoggedAndNotDone(GatewayConfig.Source source) throws IOException {
        esper.answer(json -> {
            String path = json.at("/request/path").asText();
            if (path.startsWith("/block")) {
                return EsperReply.block("a robot");
            }
            return path.startsWith("/challenge") ? EsperReply.challenge(esper.url() + "/c") : EsperReply.allow();
        });
        Path log = directory.resolve("access.log");
        try (TestGateway gateway = gateway(source, Map.of("log.access", log.toString()))) {
            for (String path : List.of("/allow", "/block", "/challenge")) {
                assertThat(RawClient.exchange(gateway.port(), get(path)).bodyText())
                        .isEqualTo("GET " + path + "\n");
            }
            await().untilAsserted(() -> {
                MetricsSnapshot now = gateway.metrics();
                assertThat(now.sum("esper_requests_total", "outcome=forwarded", "status_class=2xx"))
                        .isEqualTo(3);
                for (String action : List.of("block", "challenge")) {
                    assertThat(now.sum("esper_decisions_total", "action=" + action, "source=" + source.label()))
                            .isEqualTo(1);
                    assertThat(now.sum("esper_decisions_observed_total", "action=" + action))
                            .isEqualTo(1);
                }
            });
        }
        assertThat(origin.requests())
                .hasSize(3)
                .noneMatch(seen -> seen.headers().has("esper-decision"));
        assertThat(esper.decisionCalls()).hasSize(source == GatewayConfig.Source.CLOUD ? 3 : 0);
        for (JsonNode line : lines(log)) {
            String path = line.path("path").asText();
            assertThat(line.path("decision").asText()).isEqualTo(path.substring(1));
            assertThat(line.at("/cause/enforced").asBoolean(true))
                    .as("%s", line)
                    .isFalse();
            assertThat(line.path("outcome").asText()).isEqualTo("forwarded");
            assertThat(line.path("status").asInt()).isEqualTo(200);
        }
        assertThat(lines(log)).hasSize(3);
    }

    @Test
    void aFailedQuestionIsForwardedWhateverItsCellAndToldToTheOrigin() {
        esper.inject(Fault.GARBAGE);
        try (TestGateway gateway = gateway(GatewayConfig.Source.CLOUD, Map.of("failure.normal.malformed", "closed"))) {
            assertThat(RawClient.exchange(gateway.port(), get("/page")).status())
                    .isEqualTo(200);
            assertThat(origin.onlyRequest().headers().only("esper-decision"))
                    .isEqualTo("fail-open; reason=decision_malformed");
            await().untilAsserted(() -> {
                MetricsSnapshot now = gateway.metrics();
                assertThat(now.sum("esper_failures_total", "reason=decision_malformed"))
                        .isEqualTo(1);
                assertThat(now.sum("esper_decisions_observed_total", "action=block"))
                        .isEqualTo(1);
            });
        }
    }

    private TestGateway gateway(GatewayConfig.Source source, Map<String, String> more) {
        Path policies = directory.resolve("watched.conf");
        try {
            Files.writeString(policies, POLICIES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> config = new HashMap<>(Map.of(
                "mode",
                "monitor",
                "monitor.source",
                source.label(),
                "policies.path",
                policies.toString(),
                "origin.url",
                origin.url(),
                "esper.api-url",
                esper.url(),
                "esper.api-key",
                TestEsper.API_KEY,
                "esper.connect-timeout",
                "20s",
                "decision.timeout",
                "20s"));
        config.putAll(more);
        return TestGateway.start(config);
    }

    private static List<JsonNode> lines(Path log) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: gw.test\r\nAccept: text/html\r\n\r\n";
    }
}
