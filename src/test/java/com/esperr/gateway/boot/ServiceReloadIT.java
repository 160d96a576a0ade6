package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.NewKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decision service takes another configuration while it answers. */
class ServiceReloadIT {
    /** So long that nothing of what is to happen at once happens because of it. */
    private static final String CALM = "server.feed.heartbeat = 5m\n";

    private static final String SUBSCRIBERS = "esper_server_feed_subscribers";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    private CompletableFuture<HttpResponse<String>> follow(ServiceReloadScene scene, NewKey key) {
        double before = scene.metrics().sum(SUBSCRIBERS);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + scene.service().port() + "/api/v1/hybrid/mitigations"))
                .header("x-esper-api-key", key.text())
                .build();
        CompletableFuture<HttpResponse<String>> all = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> scene.metrics().sum(SUBSCRIBERS) == before + 1);
        return all;
    }

    @Test
    void aKeyIsRotatedAndNobodyElseNotices() throws Exception {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, CALM)) {
            NewKey next = scene.added();
            assertThat(scene.ask(next, "/basket", "curl/8").status()).isEqualTo(401);
            scene.change(CALM);
            assertThat(scene.ask(next, "/basket", "curl/8").status()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> ends = follow(scene, next);
            CompletableFuture<HttpResponse<String>> stays = follow(scene, scene.staying());
            scene.passTime(20);
            assertThat(scene.keyFile().revoke(next.entry().id(), "2026-11-21T00:00:01Z"))
                    .isTrue();
            scene.change(CALM);
            assertThat(scene.ask(next, "/basket", "curl/8").status()).isEqualTo(401);
            assertThat(ends.get(60, TimeUnit.SECONDS).body()).contains("\"ready\"");
            scene.passTime(20);
            assertThat(stays).isNotDone();
            scene.end();
        }
    }

    @Test
    void anotherFileOfKeysTakesThePlaceOfTheOneBefore() throws IOException {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            NewKey gone = scene.added();
            scene.change("");
            assertThat(scene.ask(gone, "/basket", "curl/8").status()).isEqualTo(200);
            Path other = directory.resolve("other.jsonl");
            Files.writeString(
                    other,
                    Files.readAllLines(scene.keyFile().path()).stream()
                            .filter(line -> !line.contains(gone.entry().id()))
                            .reduce("", (all, line) -> all + line + "\n"));
            scene.change("server.keys-file = \"" + other + "\"\n");
            assertThat(scene.ask(gone, "/basket", "curl/8").status()).isEqualTo(401);
            scene.passTime(20);
            scene.end();
        }
    }

    @Test
    void whatIsWrongIsToldAndChangesNothing() throws IOException {
        String good = "server.max-events = 17\n";
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            scene.change(good);
            String hash = scene.config().get("hash").asText();
            scene.refuse("server { max-events = none, rate-limit.burst = 0 }\n", "server.max-events");
            scene.refuse("server {\n", "server.conf");
            scene.refuse("server.tenants = []\n", "server.tenants");
            scene.refuse("server.keys-file = \"" + directory + "/none\"\n", "server.keys-file");
            scene.refuse(
                    "server.challenge.key-file = \""
                            + Files.writeString(directory.resolve("secrets"), "no secret of proofs\n") + "\"\n",
                    "secrets");
            Files.writeString(scene.keyFile().path(), "no key\n", StandardOpenOption.APPEND);
            scene.refuse(good, "keys.jsonl");
            assertThat(scene.config().get("hash").asText()).isEqualTo(hash);
            assertThat(scene.config().get("last").get("problems").toString()).contains("keys.jsonl");
            assertThat(scene.metrics().sum("esper_config_reload_total", "result=refused"))
                    .isEqualTo(6);
            assertThat(scene.service().config().server().maxEvents()).isEqualTo(17);
            scene.passTime(20);
            scene.end();
        }
    }

    @Test
    void whatNeedsARestartIsNamedAndTheRestComesIntoForce() {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            JsonNode said = scene.reload("server { address = \"127.0.0.1:1\", max-events = 17 }\n");
            assertThat(said.get("result").asText()).as("%s", said).isEqualTo("ok");
            assertThat(said.get("needs_restart").toString()).isEqualTo("[\"server.address\"]");
            assertThat(said.get("changed").toString()).isEqualTo("[\"server.max-events\"]");
            assertThat(scene.config().get("needs_restart").toString()).contains("server.address");
            assertThat(scene.metrics().sum("esper_config_needs_restart")).isEqualTo(1);
            scene.passTime(20);
            scene.end();
        }
    }

    @Test
    void otherPoliciesDecideAndWhatIsActiveStays() throws IOException {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            assertThat(scene.tell(scene.staying(), "/trap", "198.51.100.9").bodyText())
                    .contains("\"decision\":\"Block\"");
            Path other = Files.writeString(directory.resolve("other.conf"), """
                    policies = [ { policy_id = new, clauses = [
                      { name = bad, match { field = user_agent, operator = contains, value = newbot }, mitigation = block }
                    ] } ]
                    """);
            assertThat(scene.ask(scene.staying(), "/basket", "newbot").bodyText())
                    .contains("\"action\":\"allow\"");
            scene.change("server.tenants = [ { tenant_id = shop, policies = [\"" + directory + "/policies.conf\", \""
                    + other + "\"], return-hosts = [shop.test] } ]\n");
            assertThat(scene.ask(scene.staying(), "/basket", "newbot").bodyText())
                    .contains("\"action\":\"block\"");
            assertThat(scene.tell(scene.staying(), "/basket", "198.51.100.9").bodyText())
                    .contains("\"decision\":\"Block\"");
            scene.passTime(20);
            scene.end();
        }
    }

    @Test
    void anotherRateHoldsForTheNextRequestAndTheOneBeforeAgainBehindIt() {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            NewKey key = scene.added();
            scene.change("");
            scene.passTime(5);
            scene.end();
            // One a second, so that nobody is fast enough to have two behind each other.
            scene.change("server.rate-limit { per-second = 1, burst = 1 }\n");
            int refused = 0;
            for (int i = 0; i < 50 && refused == 0; i++) {
                refused += scene.ask(key, "/basket", "curl/8").status() == 429 ? 1 : 0;
            }
            assertThat(refused).isPositive();
            scene.change("");
            assertThat(scene.ask(key, "/basket", "curl/8").status()).isEqualTo(200);
        }
    }

    @Test
    void anEditedFileIsNoticedAndTheLogMovesWithoutLosingALine() throws IOException {
        Path first = directory.resolve("first.log");
        Path second = directory.resolve("second.log");
        String begin = "reload.interval = 100ms\nlog.access = \"" + first + "\"\n";
        long answered;
        double dropped;
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, begin)) {
            scene.passTime(20);
            scene.edit("reload.interval = 100ms\nlog.access = \"" + second + "\"\n");
            await().until(() -> scene.metrics().sum("esper_config_reload_total", "result=ok") == 1);
            await().until(() -> Files.exists(second) && Files.size(second) > 0);
            scene.edit("reload.interval = 100ms\nserver.max-body = much\n");
            await().until(() -> scene.metrics().sum("esper_config_reload_total", "result=refused") == 1);
            scene.passTime(20);
            scene.end();
            answered = scene.answered();
            dropped = scene.metrics().sum("esper_access_log_dropped_total");
        }
        assertThat(lines(first)).isPositive();
        assertThat(lines(second)).isPositive();
        assertThat(lines(first) + lines(second) + dropped).isEqualTo(answered);
    }

    private static long lines(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("\"tenant\":\"shop\"") && line.endsWith("}"))
                .count();
    }
}
