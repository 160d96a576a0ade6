package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of a running gateway: what they make active for a visitor, and how they are replaced. */
class LivePoliciesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BURST = """
            policies = [ { policy_id = fast, clauses = [ { name = burst
              match { field = request_path, operator = Eq, value = /search }
              window { seconds = 60, threshold = 3 }, mitigation = block, lifetime = %s } ] } ]
            """;
    private static final String BLOCK = """
            policies = [ { policy_id = door, clauses = [
              { match { field = request_path, operator = Eq, value = "%s" }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private Path policies;
    private Path audit;

    @BeforeEach
    void files() {
        policies = directory.resolve("policies.conf");
        audit = directory.resolve("audit.log");
    }

    @AfterEach
    void stop() {
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private TestGateway gateway(String text, Map<String, String> more) throws IOException {
        Files.writeString(policies, text);
        Map<String, String> config = new HashMap<>(Map.of(
                "policies.path", policies.toString(),
                "policies.reload-interval", "20ms",
                "log.audit", audit.toString(),
                "origin.url", origin.url()));
        config.putAll(more);
        return TestGateway.start(config);
    }

    private static int get(TestGateway gateway, String path, String agent) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + agent + "\r\n\r\n")
                .status();
    }

    private List<JsonNode> audited() throws IOException {
        return Files.readAllLines(audit).stream().map(LivePoliciesIT::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void whoFillsAWindowMeetsItOnEveryPathUntilItsTimeIsOverAndNobodyElseDoes() throws IOException {
        try (TestGateway gateway = gateway(BURST.formatted("2s"), Map.of())) {
            assertThat(get(gateway, "/search", "fast")).isEqualTo(200);
            assertThat(get(gateway, "/search", "fast")).isEqualTo(200);
            assertThat(get(gateway, "/", "fast")).isEqualTo(200);
            assertThat(get(gateway, "/search", "fast")).isEqualTo(403);
            for (String path : List.of("/", "/elsewhere?a=b", "/search")) {
                assertThat(get(gateway, path, "fast")).isEqualTo(403);
                assertThat(get(gateway, path, "slow-" + path.length())).isEqualTo(200);
            }
            assertThat(gateway.metrics().sum("esper_mitigations")).isEqualTo(1);
            assertThat(gateway.metrics().sum("esper_policy_results_total", "policy=fast", "result=blocked"))
                    .isEqualTo(4);
            await().untilAsserted(() -> assertThat(get(gateway, "/", "fast")).isEqualTo(200));
        }
    }

    @Test
    void soundPoliciesComeIntoForceAndBrokenOrFailingOnesDoNot() throws IOException {
        Path log = directory.resolve("access.log");
        try (TestGateway gateway = gateway(BLOCK.formatted("/a"), Map.of("log.access", log.toString()))) {
            String first = hash(gateway);
            assertThat(get(gateway, "/a", "x")).isEqualTo(403);
            Files.writeString(policies, BLOCK.formatted("/b"));
            await().untilAsserted(() -> assertThat(get(gateway, "/b", "x")).isEqualTo(403));
            assertThat(get(gateway, "/a", "x")).isEqualTo(200);
            String second = hash(gateway);
            assertThat(second).isNotEqualTo(first);

            Files.writeString(policies, "policies = [ {");
            await().untilAsserted(() -> assertThat(reloads(gateway, "refused")).isEqualTo(1));
            assertThat(get(gateway, "/b", "x")).isEqualTo(403);

            Files.writeString(
                    policies,
                    BLOCK.formatted("/c") + "tests = [ { request { path = /c }, expect { action = allow } } ]");
            await().untilAsserted(() -> assertThat(reloads(gateway, "refused")).isEqualTo(2));
            assertThat(get(gateway, "/b", "x")).isEqualTo(403);
            assertThat(get(gateway, "/c", "x")).isEqualTo(200);
            assertThat(hash(gateway)).isEqualTo(second);
            assertThat(reloads(gateway, "ok")).isEqualTo(1);

            assertThat(audited())
                    .extracting(line ->
                            line.path("event").asText() + " " + line.path("by").asText())
                    .containsExactly("policies-in-force start", "policies-replaced files");
            assertThat(audited().get(1).path("before").asText()).isEqualTo(first);
            assertThat(audited().get(1).path("after").asText()).isEqualTo(second);
            await().untilAsserted(() -> assertThat(Files.readAllLines(log))
                    .extracting(line -> json(line).at("/cause/policies").asText())
                    .contains(first, second)
                    .doesNotContain(""));
        }
    }

    private static double reloads(TestGateway gateway, String result) {
        return gateway.metrics().sum("esper_policy_reloads_total", "result=" + result);
    }

    private static String hash(TestGateway gateway) {
        String metrics = RawClient.exchange(gateway.adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
        List<String> running = metrics.lines()
                .filter(line -> line.startsWith("esper_running{"))
                .toList();
        assertThat(running).hasSize(1);
        return running.get(0).replaceAll(".*policies=\"([0-9a-f]{12})\".*", "$1");
    }

    @Test
    void aGatewayThatOnlyWatchesSaysWhatItWouldHaveDone() throws IOException {
        try (TestGateway gateway = gateway(BURST.formatted("1h"), Map.of("mode", "monitor"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(gateway, "/search", "fast")).isEqualTo(200);
            }
            await().untilAsserted(() -> {
                MetricsSnapshot now = gateway.metrics();
                assertThat(now.sum("esper_decisions_observed_total", "action=block"))
                        .isEqualTo(3);
            });
        }
    }
}
