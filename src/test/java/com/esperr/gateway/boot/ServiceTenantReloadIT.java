package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.NewKey;
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
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants come and go while the decision service answers others. */
class ServiceTenantReloadIT {
    /** So long that nothing of what is to happen at once happens because of it. */
    private static final String CALM = "server.feed.heartbeat = 5m\n";

    private static final String ADDRESS = "198.51.100.9";
    private static final String BLOCKED = "\"decision\":\"Block\"";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Path policies;
    private String bank;

    @BeforeEach
    void write() throws IOException {
        policies = Files.writeString(directory.resolve("bank.conf"), TestService.POLICIES);
        bank = CALM + "server.tenants += { tenant_id = bank, policies = [\"" + policies
                + "\"], return-hosts = [shop.test] }\n";
    }

    private static String checks(ServiceReloadScene scene) {
        return scene.operator("/readyz");
    }

    private CompletableFuture<HttpResponse<String>> follow(ServiceReloadScene scene, NewKey key) {
        String subscribers = "esper_server_feed_subscribers";
        double before = scene.metrics().sum(subscribers);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + scene.service().port() + "/api/v1/hybrid/mitigations"))
                .header("x-esper-api-key", key.text())
                .build();
        CompletableFuture<HttpResponse<String>> all = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> scene.metrics().sum(subscribers) == before + 1);
        return all;
    }

    @Test
    void oneThatIsNewIsServedFromTheNextRequestOnAndOthersKeepWhatTheyHave() {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, CALM)) {
            scene.tell(scene.staying(), "/trap", ADDRESS);
            NewKey key = scene.added("bank");
            scene.change(CALM);
            assertThat(scene.ask(key, "/basket", "curl/8").status()).isEqualTo(403);
            scene.change(bank);
            assertThat(scene.ask(key, "/basket", "badbot").bodyText()).contains("\"action\":\"block\"");
            assertThat(scene.tell(key, "/basket", ADDRESS).bodyText()).doesNotContain(BLOCKED);
            assertThat(scene.tell(scene.staying(), "/basket", ADDRESS).bodyText())
                    .contains(BLOCKED);
            assertThat(checks(scene)).contains("tenant:shop", "tenant:bank", "\"ready\":true");
            assertThat(scene.operator("/policies?tenant=bank")).contains("\"now\"");
            assertThat(scene.metrics().sum("esper_policies")).isEqualTo(4);
            assertThat(scene.metrics().sum("esper_policy_matches_total", "policy=bank/now"))
                    .isEqualTo(1);
            scene.passTime(20);
            scene.end();
        }
    }

    @Test
    void itsFilesAreWatched() throws IOException {
        String often = bank + "policies.reload-interval = 1s\n";
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            NewKey key = scene.added("bank");
            scene.change(often);
            Path next = Files.writeString(
                    directory.resolve("next"), TestService.POLICIES.replace("value = badbot", "value = newbot"));
            Files.move(next, policies, StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> scene.ask(key, "/basket", "newbot").bodyText().contains("\"action\":\"block\""));
            assertThat(scene.ask(key, "/basket", "badbot").bodyText()).contains("\"action\":\"allow\"");
            scene.end();
        }
    }

    @Test
    void ofOneThatIsGoneNothingIsLeft() throws Exception {
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, bank)) {
            NewKey key = scene.added("bank");
            scene.change(bank);
            assertThat(scene.tell(key, "/trap", ADDRESS).bodyText()).contains(BLOCKED);
            JsonNode challenge = new ObjectMapper()
                    .readTree(scene.ask(key, "/login", "curl/8").bodyText());
            HttpRequest page = HttpRequest.newBuilder(
                            URI.create(challenge.path("redirect_url").asText()))
                    .build();
            assertThat(client.send(page, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            CompletableFuture<HttpResponse<String>> ends = follow(scene, key);
            CompletableFuture<HttpResponse<String>> stays = follow(scene, scene.staying());

            scene.change(CALM);
            assertThat(scene.ask(key, "/basket", "curl/8").status()).isEqualTo(403);
            assertThat(ends.get(60, TimeUnit.SECONDS).body()).contains("\"ready\"");
            assertThat(client.send(page, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
            assertThat(checks(scene)).doesNotContain("tenant:bank");
            assertThat(scene.operator("/policies?tenant=bank")).contains("expected: one of shop");
            assertThat(scene.metrics().sum("esper_policies")).isEqualTo(2);
            assertThat(scene.metrics().sum("esper_mitigations")).isZero();
            assertThat(scene.metrics().sum("esper_policy_matches_total", "policy=bank/later"))
                    .isPositive();

            scene.change(bank);
            assertThat(scene.tell(key, "/basket", ADDRESS).bodyText()).doesNotContain(BLOCKED);
            scene.passTime(20);
            assertThat(stays).isNotDone();
            scene.end();
        }
    }

    @Test
    void oneWithPoliciesThatAreWrongChangesNothing() throws IOException {
        Files.writeString(policies, "policies = [ {");
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            NewKey key = scene.added("bank");
            scene.refuse(bank, "bank.conf");
            scene.refuse(
                    "server.tenants += { tenant_id = bank, policies = [], return-hosts = [] }\n"
                            + "server.challenge.key-file = \""
                            + Files.writeString(directory.resolve("secrets"), "no secret of proofs\n") + "\"\n",
                    "secrets");
            assertThat(scene.ask(key, "/basket", "curl/8").status()).isNotEqualTo(200);
            assertThat(checks(scene)).doesNotContain("tenant:bank");
            scene.passTime(20);
            scene.end();
        }
    }
}
