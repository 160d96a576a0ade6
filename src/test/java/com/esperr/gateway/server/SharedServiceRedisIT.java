package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.KeyFile;
import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services as they are installed, of the same tenants, and one Redis. */
class SharedServiceRedisIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MITIGATION = "/api/v1/runtime/mitigation";
    private static final String EVENT = "/api/v1/beacon/event";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final RedisServer redis = RedisServer.start();
    private final NewKey shop = NewKey.random("shop", null, "2026-11-21T00:00:00Z");
    private final NewKey bank = NewKey.random("bank", null, "2026-11-21T00:00:00Z");
    private GatewayProcess one;
    private GatewayProcess two;

    @BeforeEach
    void start() throws IOException {
        KeyFile keys = new KeyFile(directory.resolve("keys.jsonl"));
        keys.add(shop.entry());
        keys.add(bank.entry());
        Files.writeString(directory.resolve("policies.conf"), TestService.POLICIES);
        Files.writeString(directory.resolve("server.conf"), """
                server { address = "127.0.0.1:0", keys-file = "%1$s/keys.jsonl",
                  challenge.key-file = "%1$s/proofs.keys", tenants = [
                  { tenant_id = shop, policies = ["%1$s/policies.conf"], return-hosts = [shop.test] }, { tenant_id = bank, policies = ["%1$s/policies.conf"], return-hosts = [shop.test] } ] }
                # A machine that also runs other tests may be slow; what is shown here does not depend on it.
                state { store = redis, redis { url = "%2$s", timeout = 2s } }
                """.formatted(directory, redis.url()));
        one = service("one");
        two = service("two");
        for (GatewayProcess service : List.of(one, two)) {
            patiently().until(() -> service.readiness() == 200);
        }
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private GatewayProcess service(String name) {
        return GatewayProcess.start(
                "server",
                "--config",
                directory.resolve("server.conf").toString(),
                "--set",
                "log.audit=" + directory.resolve(name + ".audit"),
                "--admin",
                "127.0.0.1:0");
    }

    private static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(30));
    }

    private HttpRequest.Builder request(GatewayProcess service, NewKey key, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .timeout(Duration.ofSeconds(8))
                .header("x-esper-api-key", key.text())
                .header("content-type", "application/json");
    }

    private HttpResponse<String> post(GatewayProcess service, NewKey key, String path, String body) {
        try {
            return client.send(
                    request(service, key, path)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private HttpResponse<String> tell(GatewayProcess service, String path, String address) {
        String event = Questions.event("shop", "", path, address, "curl/8").replace("\"idempotency_key\": \"\",", "");
        return post(service, shop, EVENT, event);
    }

    private String decide(GatewayProcess service, NewKey key, String address, String agent) {
        String question = Questions.question("", "/basket", address, agent).replace("\"idempotency_key\": \"\",", "");
        try {
            return JSON.readTree(post(service, key, MITIGATION, question).body())
                    .path("action")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the feed tells until a line holds {@code wanted}. */
    private JsonNode[] feed(GatewayProcess service, String wanted) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = client.send(
                request(service, shop, "/api/v1/hybrid/mitigations").build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            List<String> read = CompletableFuture.supplyAsync(() -> {
                        StringBuilder first = new StringBuilder();
                        String found = lines.peek(line -> first.append(first.isEmpty() ? line : ""))
                                .filter(line -> line.contains(wanted))
                                .findFirst()
                                .orElseThrow();
                        return List.of(first.toString(), found);
                    })
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            return new JsonNode[] {JSON.readTree(read.get(0)), JSON.readTree(read.get(1))};
        }
    }

    @Test
    void whatOneCountsAndMitigatesTheOtherCountsMitigatesAndTells() throws IOException, InterruptedException {
        String visitor = "198.51.100.1";
        HttpResponse<String> first = tell(one, "/signin", visitor);
        HttpResponse<String> second = tell(two, "/signin", visitor);
        assertThat(JSON.readTree(second.body()).path("lookup_entity_id"))
                .isEqualTo(JSON.readTree(first.body()).path("lookup_entity_id"));
        assertThat(second.body()).contains("\"active_mitigation\":null");
        JsonNode third = JSON.readTree(tell(one, "/signin", visitor).body());
        assertThat(third.at("/active_mitigation/decision").asText()).isEqualTo("Block");
        patiently().until(() -> decide(two, shop, visitor, "curl/8").equals("block"));
        assertThat(decide(two, bank, visitor, "curl/8")).isEqualTo("allow");
        assertThat(decide(two, shop, "198.51.100.2", "curl/8")).isEqualTo("allow");

        String id = third.at("/active_mitigation/decision_id").asText();
        JsonNode[] here = feed(one, id);
        JsonNode[] there = feed(two, id);
        assertThat(there[0].path("seed")).isEqualTo(here[0].path("seed"));
        assertThat(there[1].path("key")).isEqualTo(here[1].path("key"));
        assertThat(there[1].path("decision").asText()).isEqualTo("block");
    }

    @Test
    void aMitigationByHandIsRecordedWhereItWasOrderedAndMetEverywhere() throws IOException {
        String order =
                "{\"entity\":\"ip-user-agent\",\"fields\":{\"client_ip\":\"198.51.100.3\",\"user_agent\":\"curl/8\"},"
                        + "\"decision\":\"block\",\"lifetime_seconds\":60}";
        String ordered = RawClient.exchange(
                        one.adminPort(),
                        "POST /mitigations?tenant=shop HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: me\r\nContent-Length: "
                                + order.length() + "\r\n\r\n" + order)
                .bodyText();
        patiently().until(() -> decide(two, shop, "198.51.100.3", "curl/8").equals("block"));
        assertThat(decide(two, bank, "198.51.100.3", "curl/8")).isEqualTo("allow");
        String key = JSON.readTree(ordered).path("key").asText();
        RawClient.exchange(
                two.adminPort(),
                "DELETE /mitigations?tenant=shop&key=" + key
                        + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: you\r\nContent-Length: 0\r\n\r\n");
        patiently().until(() -> decide(one, shop, "198.51.100.3", "curl/8").equals("allow"));
        assertThat(Files.readString(directory.resolve("one.audit")))
                .contains("\"event\":\"mitigation-added\",\"by\":\"me\"", key)
                .doesNotContain("mitigation-removed");
        assertThat(Files.readString(directory.resolve("two.audit")))
                .contains("\"event\":\"mitigation-removed\",\"by\":\"you\"", key)
                .doesNotContain("mitigation-added");
    }

    @Test
    void aProofCountsOnceAtWhicheverItIsShownAndIsNoAnswerWhileNobodyCanKnow() throws IOException {
        String proof = passed("198.51.100.8");
        assertThat(verify(two, proof).body()).contains("\"valid\":true");
        assertThat(verify(one, proof).body()).contains("\"reason\":\"used\"");
        String late = passed("198.51.100.9");
        redis.kill();
        assertThat(verify(two, late).statusCode()).isEqualTo(503);
        redis.restart();
        patiently().until(() -> verify(two, late).body().contains("\"valid\":true"));
        patiently().until(() -> verify(one, late).body().contains("\"reason\":\"used\""));
    }

    private HttpResponse<String> verify(GatewayProcess service, String proof) {
        return post(service, shop, "/api/v1/challenge/proof/verify", "{\"proof_token\":\"" + proof + "\"}");
    }

    private String passed(String address) throws IOException {
        String question = Questions.question("", "/login", address, "curl/8").replace("\"idempotency_key\": \"\",", "");
        String url = JSON.readTree(post(one, shop, MITIGATION, question).body())
                .path("redirect_url")
                .asText();
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
            String page = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            HttpResponse<String> response = client.send(
                    request.POST(HttpRequest.BodyPublishers.ofString(ChallengeForm.pressed(page)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String location = response.headers().firstValue("location").orElseThrow();
            return location.substring(location.lastIndexOf('=') + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void withoutRedisWhatCannotBeCountedIsRefusedAtOnceAndTheRestAnswered() {
        String visitor = "198.51.100.4";
        for (int i = 0; i < 3; i++) {
            tell(one, "/signin", visitor);
        }
        patiently().until(() -> decide(two, shop, visitor, "curl/8").equals("block"));
        redis.kill();
        HttpResponse<String> refused = tell(two, "/signin", "198.51.100.5");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(refused.body()).contains("\"code\":\"unavailable\"");
        assertThat(decide(two, shop, visitor, "curl/8")).isEqualTo("block");
        assertThat(decide(two, shop, "198.51.100.5", "badbot")).isEqualTo("block");
        assertThat(decide(two, shop, "198.51.100.5", "curl/8")).isEqualTo("allow");
        patiently().until(() -> two.readiness() == 503);
        redis.restart();
        patiently().until(() -> two.readiness() == 200 && one.readiness() == 200);
        assertThat(tell(two, "/signin", "198.51.100.5").statusCode()).isEqualTo(200);
        assertThat(decide(two, shop, visitor, "curl/8")).isEqualTo("block");
    }

    @Test
    void oneThatStartsWithoutRedisTakesOverWhatTheOthersKnowWhenItIsThere() throws IOException, InterruptedException {
        tell(one, "/trap", "198.51.100.6");
        patiently().until(() -> decide(two, shop, "198.51.100.6", "curl/8").equals("block"));
        redis.kill();
        two.kill();
        try (GatewayProcess late = service("late")) {
            assertThat(decide(late, shop, "198.51.100.6", "badbot")).isEqualTo("block");
            assertThat(late.readiness()).isEqualTo(503);
            redis.restart();
            patiently().until(() -> decide(late, shop, "198.51.100.6", "curl/8").equals("block"));
            assertThat(feed(late, "\"put\"")[0].path("seed")).isEqualTo(feed(one, "\"put\"")[0].path("seed"));
            assertThat(JSON.readTree(tell(late, "/a", "198.51.100.7").body()).path("lookup_entity_id"))
                    .isEqualTo(JSON.readTree(tell(one, "/a", "198.51.100.7").body())
                            .path("lookup_entity_id"));
        }
    }
}
