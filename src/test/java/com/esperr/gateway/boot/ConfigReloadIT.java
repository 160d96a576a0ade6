package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose configuration changes while it runs: what comes into force, what stays, and what is told of it. */
class ConfigReloadIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final CountDownLatch latch = new CountDownLatch(1);
    private final TestOrigin first = TestOrigin.start(Behaviours.respond(200, "first\n"));
    private final TestOrigin second = TestOrigin.start(Behaviours.respond(200, "second\n"));
    private Path file;

    @BeforeEach
    void files() throws IOException {
        file = directory.resolve("gateway.conf");
        write("");
    }

    @AfterEach
    void stop() {
        latch.countDown();
        first.close();
        second.close();
    }

    private void write(String keys) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), "origin.url = \"" + first.url() + "\"\n" + keys);
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private void lead(TestOrigin origin, String keys) throws IOException {
        write(keys + "\norigin.url = \"" + origin.url() + "\"\n");
    }

    private TestGateway start(Map<String, String> options) {
        return TestGateway.start(file, options);
    }

    private static RawResponse get(TestGateway gateway, String path) {
        return RawClient.exchange(gateway.port(), request(path));
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n\r\n";
    }

    private static RawResponse reload(TestGateway gateway) {
        return RawClient.exchange(
                gateway.adminPort(),
                "POST /reload HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n");
    }

    private static JsonNode config(TestGateway gateway) throws IOException {
        return JSON.readTree(RawClient.exchange(gateway.adminPort(), "GET /config HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText());
    }

    @Test
    void theNextRequestOfAnOldConnectionIsServedByTheNewConfiguration() throws IOException {
        try (TestGateway gateway = start(Map.of());
                RawClient kept = RawClient.connect(gateway.port())) {
            assertThat(kept.send(request("/")).readResponse().bodyText()).isEqualTo("first\n");
            String before = config(gateway).get("hash").asText();

            lead(second, "response.headers.set { X-Frame-Options = DENY }");
            JsonNode said = JSON.readTree(reload(gateway).bodyText());
            assertThat(said.get("result").asText()).isEqualTo("ok");
            assertThat(said.get("by").asText()).isEqualTo("anna");
            assertThat(said.get("changed").toString())
                    .isEqualTo("[\"origin.url\",\"response.headers.set.X-Frame-Options\"]");

            RawResponse next = kept.send(request("/")).readResponse();
            assertThat(next.bodyText()).isEqualTo("second\n");
            assertThat(next.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(config(gateway).get("hash").asText()).isNotEqualTo(before);
            assertThat(gateway.metric("esper_config_reload_total{result=\"ok\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aGatewayThatHasEndedReadsNothingAnyMore() throws IOException {
        try (TestGateway gateway = start(Map.of())) {
            GatewayConfig known = gateway.gateway().config();
            gateway.gateway().close();
            lead(second, "");
            gateway.gateway().reload("anna");
            assertThat(gateway.gateway().config()).isSameAs(known);
        }
    }

    @Test
    void aRequestUnderWayEndsAsItBegan() throws IOException {
        first.on("/slow", Behaviours.stallUntil(latch, Behaviours.respond(200, "slow\n")));
        try (TestGateway gateway = start(Map.of());
                RawClient busy = RawClient.connect(gateway.port())) {
            busy.send(request("/slow"));
            await().atMost(SOON).until(() -> !first.requests().isEmpty());
            lead(second, "limits.connections = 7");
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(get(gateway, "/").bodyText()).isEqualTo("second\n");
            latch.countDown();
            assertThat(busy.readResponse().bodyText()).isEqualTo("slow\n");
        }
    }

    @Test
    void everythingThatIsWrongIsToldAndTheConfigurationBeforeStays() throws IOException {
        try (TestGateway gateway = start(Map.of())) {
            String before = config(gateway).get("hash").asText();
            write("limits.connections = 0\nlimits.header-count = none\nnonsense = 1\n");
            RawResponse said = reload(gateway);
            assertThat(said.status()).isEqualTo(422);
            JsonNode problems = JSON.readTree(said.bodyText()).get("problems");
            assertThat(problems).hasSize(3);
            assertThat(problems.get(0).asText())
                    .endsWith("gateway.conf:2: limits.connections: 0 (expected: 1..1000000)");
            assertThat(get(gateway, "/").bodyText()).isEqualTo("first\n");
            JsonNode now = config(gateway);
            assertThat(now.get("hash").asText()).isEqualTo(before);
            assertThat(now.get("last").get("result").asText()).isEqualTo("refused");
            assertThat(gateway.metric("esper_config_reload_total{result=\"refused\"}"))
                    .isEqualTo(1);

            lead(second, "");
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(get(gateway, "/").bodyText()).isEqualTo("second\n");
        }
    }

    @Test
    void brokenPoliciesAreRefusedWithTheConfigurationThatNamesThem() throws IOException {
        Path policies = Files.writeString(directory.resolve("policies"), "policies = [ { policy_id = 1 } ]");
        try (TestGateway gateway = start(Map.of())) {
            lead(second, "policies.path = [ \"" + policies + "\" ]");
            assertThat(reload(gateway).status()).isEqualTo(422);
            assertThat(get(gateway, "/").bodyText()).isEqualTo("first\n");
            Files.writeString(policies, """
                    policies = [ { policy_id = door, clauses = [
                      { match { field = request_path, operator = Eq, value = /shut }, mitigation = block } ] } ]
                    """);
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(get(gateway, "/").bodyText()).isEqualTo("second\n");
            assertThat(get(gateway, "/shut").status()).isEqualTo(403);
        }
    }

    @Test
    void whatNeedsARestartIsNamedAndTheRestComesIntoForce() throws IOException {
        try (TestGateway gateway = start(Map.of())) {
            lead(second, "listen.backlog = 17\nruntime.event-loops = 3");
            JsonNode said = JSON.readTree(reload(gateway).bodyText());
            assertThat(said.get("result").asText()).isEqualTo("ok");
            assertThat(said.get("changed").toString()).isEqualTo("[\"origin.url\"]");
            assertThat(said.get("needs_restart").toString()).isEqualTo("[\"listen.backlog\",\"runtime.event-loops\"]");
            assertThat(get(gateway, "/").bodyText()).isEqualTo("second\n");
            assertThat(gateway.metric("esper_config_needs_restart")).isEqualTo(2);

            lead(second, "");
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(config(gateway).get("needs_restart")).isEmpty();
            assertThat(gateway.metric("esper_config_needs_restart")).isZero();
        }
    }

    @Test
    void connectionsToAnOriginThatDidNotChangeAreKeptAndThoseToOneThatIsGoneAreClosed() throws IOException {
        String shop = "origins { shop { url = \"" + second.url() + "\" } }\n"
                + "hosts = [ { names = [ shop.test ], path = /shop, origin = shop } ]\n"
                + "origin.keep-alive = 1h\n";
        write(shop);
        try (TestGateway gateway = start(Map.of());
                RawClient kept = RawClient.connect(gateway.port())) {
            assertThat(kept.send(request("/")).readResponse().bodyText()).isEqualTo("first\n");
            assertThat(kept.send(request("/shop")).readResponse().bodyText()).isEqualTo("second\n");
            int connections = first.connectionsAccepted();
            assertThat(gateway.metrics().toString()).contains("origin=\"shop\"");

            write("origin.keep-alive = 1h\n");
            assertThat(reload(gateway).status()).isEqualTo(200);
            await().atMost(SOON).until(() -> second.connectionsOpen() == 0);
            assertThat(kept.send(request("/shop")).readResponse().bodyText()).isEqualTo("first\n");
            assertThat(first.connectionsAccepted()).isEqualTo(connections);
            assertThat(gateway.metrics().toString()).doesNotContain("origin=\"shop\"");
        }
    }

    @Test
    void whatWasDroppedBeforeAnOriginWasReplacedStaysCounted() throws IOException {
        first.on("/slow", Behaviours.stallUntil(latch, Behaviours.respond(200, "slow\n")));
        write("origin.max-connections = 1\norigin.max-waiting = 0\n");
        try (TestGateway gateway = start(Map.of("runtime.event-loops", "1"));
                RawClient busy = RawClient.connect(gateway.port())) {
            busy.send(request("/slow"));
            await().atMost(SOON).until(() -> !first.requests().isEmpty());
            assertThat(get(gateway, "/").status()).isEqualTo(503);
            String dropped = "esper_fill_dropped_total{what=\"origin_waiting\"}";
            assertThat(gateway.metric(dropped)).isEqualTo(1);
            lead(second, "");
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(gateway.metric(dropped)).isEqualTo(1);
            latch.countDown();
        }
    }

    @Test
    void monitorBecomesEnforcementWithoutARestart() throws IOException {
        Path policies = Files.writeString(directory.resolve("policies"), """
                policies = [ { policy_id = door, clauses = [
                  { match { field = request_path, operator = Eq, value = /shut }, mitigation = block } ] } ]
                """);
        String named = "policies.path = [ \"" + policies + "\" ]\n";
        write(named + "mode = monitor\n");
        try (TestGateway gateway = start(Map.of())) {
            assertThat(get(gateway, "/shut").status()).isEqualTo(200);
            write(named + "mode = local\n");
            assertThat(JSON.readTree(reload(gateway).bodyText()).get("needs_restart"))
                    .isEmpty();
            assertThat(get(gateway, "/shut").status()).isEqualTo(403);
        }
    }

    @Test
    void whatWouldBecomeOfABodyIsToldByTheLimitsInForce() throws IOException {
        Path policies = Files.writeString(directory.resolve("policies"), """
                policies = [ { policy_id = spam, clauses = [
                  { match { field = "body[mail]", operator = ends_with, value = "@spam.test" }, mitigation = block } ] } ]
                """);
        String named = "policies.path = [ \"" + policies + "\" ]\n";
        write(named);
        try (TestGateway gateway = start(Map.of())) {
            assertThat(rehearsed(gateway)).isEqualTo("blocked");
            write(named + "policies.body.prefix = 1 KiB\n");
            assertThat(reload(gateway).status()).isEqualTo(200);
            assertThat(rehearsed(gateway)).isEqualTo("forwarded");
        }
    }

    /** What is told of a request whose body is larger than a kibibyte. */
    private static String rehearsed(TestGateway gateway) throws IOException {
        String body = "curl http://shop.test/ -H 'Content-Type: application/json' --data-raw '{\"x\":\""
                + "x".repeat(2000) + "\",\"mail\":\"a@spam.test\"}'";
        String told = RawClient.exchange(
                        gateway.adminPort(),
                        "POST /explain HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                .bodyText();
        return JSON.readTree(told).path("would_be").asText(told);
    }

    @Test
    void changedFilesAreNoticed() throws IOException {
        Path more = Files.writeString(directory.resolve("more.conf"), "");
        write("include \"more.conf\"\n");
        try (TestGateway gateway = start(Map.of("reload.interval", "20ms"))) {
            assertThat(get(gateway, "/").bodyText()).isEqualTo("first\n");
            Files.writeString(more, "origin.url = \"" + second.url() + "\"\n");
            await().atMost(SOON).until(() -> get(gateway, "/").bodyText().equals("second\n"));
            assertThat(config(gateway).get("last").get("by").asText()).isEqualTo("files");
            Files.writeString(more, "origin.url = nowhere\n");
            await().atMost(SOON)
                    .until(() ->
                            config(gateway).get("last").get("result").asText().equals("refused"));
            assertThat(get(gateway, "/").bodyText()).isEqualTo("second\n");
        }
    }
}
