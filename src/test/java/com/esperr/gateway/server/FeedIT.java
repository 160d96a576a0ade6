package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FeedIT {
    private static final int FOLLOWERS = 100;

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private TestService service;

    @BeforeEach
    void start() {
        service = TestService.start(directory, Map.of("server.feed.heartbeat", "300ms", "server.feed.history", "50"));
    }

    @AfterEach
    void end() {
        service.close();
    }

    private void trap(String tenant, String address) {
        HttpResponse<String> response = service.post(
                tenant, "/api/v1/beacon/event", Questions.event(tenant, "trap " + address, "/trap", address, "curl/8"));
        assertThat(response.body()).contains("\"decision\":\"Block\"");
    }

    private Follower follow(String tenant, String cursor) {
        String path = "/api/v1/hybrid/mitigations" + (cursor.isEmpty() ? "" : "?cursor=" + cursor);
        Follower follower = new Follower();
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("x-esper-api-key", service.key(tenant))
                .build();
        var unused = client.sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(follower));
        return follower;
    }

    /** Keeps what it is told. */
    private static final class Follower implements Flow.Subscriber<String> {
        private final ObjectMapper json = new ObjectMapper();
        private final Queue<JsonNode> lines = new ConcurrentLinkedQueue<>();
        private volatile Flow.Subscription subscription;
        private volatile boolean over;

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            try {
                lines.add(json.readTree(line));
            } catch (IOException e) {
                throw new UncheckedIOException(line, e);
            }
        }

        @Override
        public void onError(Throwable broken) {
            over = true;
        }

        @Override
        public void onComplete() {
            over = true;
        }

        List<String> told(String type) {
            return lines.stream()
                    .filter(line -> line.path("type").asText().equals(type))
                    .map(line -> line.path("key").asText())
                    .toList();
        }

        boolean has(String type) {
            return !told(type).isEmpty();
        }

        String cursor() {
            List<JsonNode> all = new ArrayList<>(lines);
            return all.get(all.size() - 1).path("cursor").asText();
        }
    }

    @Test
    void whoSpeaksHttp10GetsLinesAndNoChunks() {
        try (RawClient raw = RawClient.connect(service.port())) {
            raw.send("GET /api/v1/hybrid/mitigations HTTP/1.0\r\nx-esper-api-key: " + service.key("shop") + "\r\n\r\n");
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("transfer-encoding");
            String begin = "{\"type\":\"snapshot\"";
            assertThat(new String(raw.readBytes(begin.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(begin);
        }
    }

    @Test
    void aHundredFollowersHearOfANewBlock() {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(follow("shop", ""));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> followers.stream().allMatch(one -> one.has("ready")));
        assertThat(service.metrics().sum("esper_server_feed_subscribers")).isEqualTo(FOLLOWERS);
        long begin = System.nanoTime();
        trap("shop", "198.51.100.1");
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> followers.stream().allMatch(one -> one.has("put")));
        // For the log, not for an assertion: the machine may be busy with something else.
        LoggerFactory.getLogger(FeedIT.class)
                .info("{} followers heard within {} ms", FOLLOWERS, (System.nanoTime() - begin) / 1_000_000);
        assertThat(followers).allSatisfy(one -> assertThat(one.told("put")).hasSize(1));
        followers.forEach(one -> one.subscription.cancel());
        await().until(() -> service.metrics().sum("esper_server_feed_subscribers") == 0);
    }

    @Test
    void whoComesLaterIsToldEverythingAndOnlyItsTenants() {
        trap("shop", "198.51.100.1");
        trap("shop", "198.51.100.2");
        trap("bank", "198.51.100.3");
        Follower shop = follow("shop", "");
        Follower bank = follow("bank", "");
        await().until(() -> shop.has("ready") && bank.has("ready"));
        assertThat(shop.told("put")).hasSize(2);
        assertThat(bank.told("put")).hasSize(1).doesNotContainAnyElementsOf(shop.told("put"));
        assertThat(shop.lines.peek().path("seed"))
                .isNotEqualTo(bank.lines.peek().path("seed"));
    }

    @Test
    void whoComesBackIsToldWhatWasMissedAndNothingElse() {
        trap("shop", "198.51.100.1");
        Follower first = follow("shop", "");
        await().until(() -> first.has("heartbeat"));
        String cursor = first.cursor();
        first.subscription.cancel();
        trap("shop", "198.51.100.2");
        trap("shop", "198.51.100.3");
        Follower second = follow("shop", cursor);
        await().until(() -> second.has("ready"));
        assertThat(second.lines.peek().path("type").asText()).isEqualTo("resume");
        assertThat(second.told("put")).hasSize(2).doesNotContainAnyElementsOf(first.told("put"));
    }

    @Test
    void aCursorThatIsUnknownOrTooOldBeginsAnew() {
        Follower first = follow("shop", "");
        await().until(() -> first.has("ready"));
        String cursor = first.cursor();
        for (int i = 1; i <= 51; i++) {
            trap("shop", "192.0.2." + i);
        }
        for (String stale : List.of(cursor, "0123456789abcdef-0", "x", cursor.replaceAll("-.*", "-999999"))) {
            Follower again = follow("shop", stale);
            await().until(() -> again.has("ready"));
            assertThat(again.lines.peek().path("type").asText()).isEqualTo("snapshot");
            assertThat(again.told("put")).hasSize(51);
        }
    }

    @Test
    void aFollowerWhoseKeyIsRevokedIsSentAway() throws IOException {
        Follower follower = follow("shop", "");
        await().until(() -> follower.has("ready"));
        service.keyFile().revoke(service.key("shop").substring(4, 16), "2026-11-21T00:00:00Z");
        await().until(() -> follower.over);
    }

    private Map<String, String> gateway(TestOrigin origin, String mode) {
        return new HashMap<>(Map.of(
                "origin.url",
                "http://127.0.0.1:" + origin.port(),
                "mode",
                mode,
                "esper.api-url",
                service.url(),
                "esper.api-key",
                service.key("shop"),
                "decision.timeout",
                "2s"));
    }

    private HttpResponse<String> visit(TestGateway gateway, String path, String agent) {
        return service.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("user-agent", agent)
                .header("accept", "text/html")
                .build());
    }

    @Test
    void aGatewayThatFollowsEnforcesWithoutAsking() {
        try (TestOrigin origin = TestOrigin.start()) {
            Map<String, String> config = gateway(origin, "hybrid");
            config.putAll(Map.of("hybrid.feed", "pushed", "hybrid.on-miss", "allow"));
            try (TestGateway gateway = TestGateway.start(config)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> gateway.readiness() == 200);
                assertThat(visit(gateway, "/", "curl/8").statusCode()).isEqualTo(200);
                trap("shop", "127.0.0.1");
                await().until(() -> visit(gateway, "/", "curl/8").statusCode() == 403);
                assertThat(visit(gateway, "/", "curl/9").statusCode()).isEqualTo(200);
                assertThat(service.metrics().sum("esper_server_events_total", "kind=question"))
                        .isZero();
            }
        }
    }

    @Test
    void aGatewayThatAsksIsAnswered() {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(gateway(origin, "cloud"))) {
            assertThat(visit(gateway, "/", "curl/8").statusCode()).isEqualTo(200);
            assertThat(visit(gateway, "/", "badbot").statusCode()).isEqualTo(403);
            HttpResponse<String> challenged = visit(gateway, "/login?next=%2Fa", "curl/8");
            assertThat(challenged.statusCode()).isEqualTo(302);
            String page = challenged.headers().firstValue("location").orElseThrow();
            assertThat(page).startsWith(service.url() + "/challenge/");
            HttpResponse<String> passed = service.pressed(page);
            assertThat(passed.headers().firstValue("location").orElseThrow())
                    .startsWith("http://127.0.0.1:" + gateway.port() + "/login?next=%2Fa&esper_challenge_proof=");
        }
    }
}
