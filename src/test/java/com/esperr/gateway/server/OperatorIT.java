package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator of the service is told, and what is recorded of what people change. */
class OperatorIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MITIGATION = "/api/v1/runtime/mitigation";
    private static final String MOMENT = "2026-11-21T00:00:00Z";

    @TempDir
    private Path directory;

    private TestService service;

    @BeforeEach
    void start() {
        service = TestService.start(
                directory,
                Map.of("log.audit", directory.resolve("audit.log").toString(), "policies.reload-interval", "100ms"));
    }

    @AfterEach
    void end() {
        service.close();
    }

    private JsonNode decide(String path, String agent) throws IOException {
        String question = Questions.question(path + agent, path, "198.51.100.1", agent);
        return JSON.readTree(service.post("shop", MITIGATION, question).body());
    }

    private String operator(String method, String target, String body) {
        return RawClient.exchange(
                        service.service().adminPort(),
                        method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: me\r\n"
                                + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .bodyText();
    }

    private List<String> audited() {
        try {
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(directory.resolve("audit.log"))) {
                JsonNode node = JSON.readTree(line);
                lines.add(node.path("event").asText() + " "
                        + node.path("tenant").asText()
                        + node.path("keys").asText());
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void whatCameOfEachPolicyIsTold() throws IOException {
        decide("/", "badbot");
        JsonNode challenge = decide("/login", "curl/8");
        service.pressed(challenge.path("redirect_url").asText());
        service.post("shop", "/api/v1/beacon/event", Questions.event("shop", "t", "/trap", "198.51.100.2", "curl/8"));
        JsonNode now =
                JSON.readTree(operator("GET", "/policies?tenant=shop", "")).at("/policies/0");
        assertThat(now.path("policy_id").asText()).isEqualTo("now");
        assertThat(List.of(
                        now.path("matched").asInt(),
                        now.path("challenged").asInt(),
                        now.path("challenge_solved").asInt(),
                        now.path("blocked").asInt()))
                .containsExactly(2, 1, 1, 1);
        assertThat(now.path("last_match").asText()).endsWith("Z");
        assertThat(operator("GET", "/policies?tenant=bank", "")).contains("\"matched\":0");

        MetricsSnapshot metrics = service.metrics();
        for (String result : List.of("challenged", "challenge_solved", "blocked")) {
            assertThat(metrics.sum("esper_policy_results_total", "policy=shop/now", "result=" + result))
                    .as(result)
                    .isEqualTo(1);
        }
        assertThat(metrics.sum("esper_policy_last_match_timestamp_seconds", "policy=shop/now"))
                .isGreaterThan(1_700_000_000);
        assertThat(metrics.sum("esper_policy_last_match_timestamp_seconds", "policy=bank/now"))
                .isZero();
        assertThat(metrics.sum("esper_mitigations")).isEqualTo(1);
        assertThat(metrics.sum("esper_policies")).isEqualTo(4);
    }

    @Test
    void everyChangeOfKeysPoliciesAndMitigationsIsRecorded() throws IOException {
        assertThat(audited()).containsExactly("keys-in-force 3", "policies-in-force shop", "policies-in-force bank");
        NewKey made = NewKey.random("shop", null, MOMENT);
        service.keyFile().add(made.entry());
        patiently().until(() -> audited().contains("key-added shop"));
        service.keyFile().revoke(made.entry().id(), MOMENT);
        patiently().until(() -> audited().contains("key-revoked shop"));

        Path policies = directory.resolve("policies.conf");
        Files.writeString(policies, TestService.POLICIES + "policies += { policy_id = more, preset = monitor }\n");
        patiently().until(() -> service.metrics().sum("esper_policy_reloads_total", "result=ok") == 2);
        assertThat(audited()).contains("policies-replaced shop", "policies-replaced bank");
        Files.writeString(policies, "policies = [");
        patiently().until(() -> service.metrics().sum("esper_policy_reloads_total", "result=refused") == 2);
        assertThat(decide("/", "badbot").path("action").asText()).isEqualTo("block");

        String key = JSON.readTree(
                        operator(
                                "POST",
                                "/mitigations?tenant=bank",
                                "{\"entity\":\"ip-user-agent\",\"fields\":{\"client_ip\":\"192.0.2.1\"},\"decision\":\"block\",\"lifetime_seconds\":60}"))
                .path("key")
                .asText();
        operator("DELETE", "/mitigations?tenant=bank&key=" + key, "");
        assertThat(audited()).endsWith("mitigation-added bank", "mitigation-removed bank");
        String recorded = Files.readString(directory.resolve("audit.log"));
        String secret = made.text().substring(made.text().lastIndexOf('_'));
        assertThat(recorded).contains(made.entry().id()).doesNotContain(secret);
    }
}
