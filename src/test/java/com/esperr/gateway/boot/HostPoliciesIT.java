package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites behind one gateway whose requests different policies decide about. */
class HostPoliciesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String BLOCK = """
            policies = [ { policy_id = door, clauses = [
              { match { field = request_path, operator = Eq, value = "%s" }, mitigation = block } ] } ]
            """;
    private static final String BURST = """
            policies = [ { policy_id = door, clauses = [ { name = burst
              match { field = request_path, operator = Eq, value = /search }
              window { seconds = 3600, threshold = 2 }, mitigation = block, lifetime = 1h } ] } ]
            """;
    private static final String HOSTS = """
            hosts = [
              { names = [ api.test, "*.api.test" ], policies = api }
              { names = [ shop.test ], path = /api, policies = api }
              { names = [ busy.test ], policies = busy, source = busy-site }
            ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private Path usual;
    private Path api;
    private Path busy;
    private Path log;
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private void start(String more) throws IOException {
        usual = Files.writeString(directory.resolve("usual.conf"), BLOCK.formatted("/a"));
        api = Files.writeString(directory.resolve("api.conf"), BLOCK.formatted("/b"));
        busy = Files.writeString(directory.resolve("busy.conf"), BURST);
        log = directory.resolve("access.log");
        Map<String, String> config = new HashMap<>(Map.of(
                "policies.path", usual.toString(),
                "policies.sets.api.path", api.toString(),
                "policies.sets.busy.path", busy.toString(),
                "policies.reload-interval", "20ms",
                "log.access", log.toString(),
                "log.audit", directory.resolve("audit.log").toString(),
                "origin.url", origin.url()));
        gateway = TestGateway.start(HOSTS + more, config);
    }

    /** At once: a file half written would be policies, too. */
    private void replace(Path file, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("next"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private int get(String host, String path) {
        return RawClient.exchange(
                        gateway.port(),
                        "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: somebody\r\n\r\n")
                .status();
    }

    private JsonNode shown(String path) throws IOException {
        RawResponse answer =
                RawClient.exchange(gateway.adminPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        return JSON.readTree(answer.bodyText());
    }

    private double results(String policy, String result) {
        return gateway.metrics().sum("esper_policy_results_total", "policy=" + policy, "result=" + result);
    }

    @Test
    void aVisitIsBlockedOnOneSiteAndAllowedOnTheOther() throws IOException {
        start("");
        assertThat(get("shop.test", "/a")).isEqualTo(403);
        assertThat(get("shop.test", "/b")).isEqualTo(200);
        assertThat(get("api.test", "/a")).isEqualTo(200);
        assertThat(get("api.test", "/b")).isEqualTo(403);
        assertThat(get("v2.API.test:80", "/b")).isEqualTo(403);
        assertThat(get("v2.api.test", "/a")).isEqualTo(200);
        assertThat(get("shop.test", "/api/b")).isEqualTo(200);
        assertThat(results("door", "blocked")).isEqualTo(1);
        assertThat(results("api/door", "blocked")).isEqualTo(2);
        assertThat(gateway.metrics().sum("esper_policies")).isEqualTo(3);

        JsonNode common = shown("/policies");
        assertThat(common.at("/policies/0/blocked").asInt()).isEqualTo(1);
        assertThat(common.path("sets")).extracting(JsonNode::asText).containsExactly("api", "busy", "default");
        JsonNode own = shown("/policies?set=api");
        assertThat(own.at("/policies/0/blocked").asInt()).isEqualTo(2);
        assertThat(own.path("hash")).isNotEqualTo(common.path("hash"));
        assertThat(RawClient.exchange(
                                gateway.adminPort(), "GET /policies?set=nobody HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(422);

        await().atMost(LONG).until(() -> Files.readAllLines(log).size(), lines -> lines >= 7);
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("\"host\":\"api.test\""))
                .hasSize(2)
                .allMatch(line ->
                        line.contains("\"policies\":\"" + own.path("hash").asText() + "\"")
                                && line.contains("\"policy_set\":\"api\""));
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("\"path\":\"/a\",") && line.contains("\"host\":\"shop.test\""))
                .hasSize(1)
                .noneMatch(line -> line.contains("policy_set"));
    }

    @Test
    void whoIsCountedAndMitigatedOnOneSiteIsNobodyOnAnother() throws IOException {
        start("");
        assertThat(get("busy.test", "/search")).isEqualTo(200);
        assertThat(get("api.test", "/search")).isEqualTo(200);
        assertThat(get("busy.test", "/search")).isEqualTo(403);
        assertThat(get("busy.test", "/")).isEqualTo(403);
        assertThat(get("shop.test", "/")).isEqualTo(200);
        assertThat(get("api.test", "/")).isEqualTo(200);
        assertThat(gateway.metrics().sum("esper_mitigations")).isEqualTo(1);

        JsonNode active = shown("/mitigations?set=busy");
        assertThat(active.path("policy").asText()).isEqualTo("door");
        String none = RawClient.exchange(gateway.adminPort(), "GET /mitigations HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
        assertThat(none).isBlank();
        RawResponse removed = RawClient.exchange(
                gateway.adminPort(),
                "DELETE /mitigations?set=busy&key=" + active.path("key").asText()
                        + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: somebody\r\n\r\n");
        assertThat(removed.status()).isEqualTo(200);
        assertThat(get("busy.test", "/")).isEqualTo(200);
    }

    @Test
    void brokenFilesOfOneSetLeaveThatSetAsItIsAndHinderNoOther() throws IOException {
        start("");
        replace(api, "policies = [ {");
        await().atMost(LONG).until(() -> reloads("refused") == 1);
        assertThat(get("api.test", "/b")).isEqualTo(403);
        replace(usual, BLOCK.formatted("/c"));
        await().atMost(LONG).until(() -> get("shop.test", "/c") == 403);
        assertThat(get("shop.test", "/a")).isEqualTo(200);
        assertThat(get("api.test", "/b")).isEqualTo(403);
        assertThat(get("api.test", "/c")).isEqualTo(200);
        replace(api, BLOCK.formatted("/d"));
        await().atMost(LONG).until(() -> get("api.test", "/d") == 403);
        assertThat(get("shop.test", "/c")).isEqualTo(403);
        assertThat(get("api.test", "/b")).isEqualTo(200);
        assertThat(Files.readAllLines(directory.resolve("audit.log")))
                .filteredOn(line -> line.contains("policies-replaced"))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"set\":\"default\""))
                .anyMatch(line -> line.contains("\"set\":\"api\""));
    }

    private int reloads(String result) {
        return (int) gateway.metrics().sum("esper_policy_reloads_total", "result=" + result);
    }

    @Test
    void aSetMayAskForWhatIsInBodiesAlthoughTheOthersDoNot() throws IOException {
        start("");
        replace(api, """
                policies = [ { policy_id = body, clauses = [
                  { match { field = "body[user]", operator = Eq, value = mallory }, mitigation = block } ] } ]
                """);
        await().atMost(LONG).until(() -> reloads("ok") == 1);
        assertThat(post("api.test")).isEqualTo(403);
        assertThat(post("shop.test")).isEqualTo(200);
    }

    private int post(String host) {
        String body = "{\"user\":\"mallory\"}";
        return RawClient.exchange(
                        gateway.port(),
                        "POST /login HTTP/1.1\r\nHost: " + host
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                .status();
    }

    @Test
    void policiesCanAskForTheNameThatTheSiteGivesTheGateway() throws IOException {
        start("esper.source = usual-name\n");
        replace(busy, """
                policies = [ { policy_id = named, clauses = [
                  { match { field = source_id, operator = Eq, value = busy-site }, mitigation = block } ] } ]
                """);
        replace(usual, """
                policies = [ { policy_id = named, clauses = [
                  { match { field = source_id, operator = Eq, value = usual-name }, mitigation = block } ] } ]
                """);
        await().atMost(LONG).until(() -> reloads("ok") == 2);
        assertThat(get("busy.test", "/x")).isEqualTo(403);
        assertThat(get("shop.test", "/x")).isEqualTo(403);
        assertThat(get("api.test", "/x")).isEqualTo(200);
    }
}
