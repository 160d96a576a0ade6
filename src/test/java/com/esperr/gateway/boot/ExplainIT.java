package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.FreePort;
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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway tells of requests that it did not simply forward, through the gateway itself. */
class ExplainIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CANARY = "canary-5f2a91";
    private static final String POLICIES = """
            policies = [
              { policy_id = first, priority = 1, scope { field = request_path, operator = starts_with, value = /never }
                clauses = [ { name = elsewhere, match { field = request_method, operator = Eq, value = GET }, mitigation = block } ] }
              { policy_id = door, priority = 2, clauses = [
                { name = quiet, match { field = "request_header[x-secret-word]", operator = Eq, value = %1$s-of-policy }, mitigation = block }
                { name = burst, match { and = [
                    { field = request_path, operator = starts_with, value = /login }
                    { field = "request_header[accept]", operator = contains, value = html }
                    { not { field = "cookie[session]", operator = Eq, value = %1$s-of-policy } } ] }
                  window { seconds = 3600, threshold = 3 }, mitigation = block } ] }
              { policy_id = gate, priority = 3, clauses = [
                { name = slow, match { field = request_path, operator = Eq, value = /slow }, mitigation = challenge } ] }
            ]
            """.formatted(CANARY);

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private void start(String... more) throws IOException {
        Map<String, String> config = new HashMap<>(Map.of(
                "policies.path",
                Files.writeString(directory.resolve("policies.conf"), POLICIES).toString(),
                "challenge.url",
                "/prove?to={return_url}",
                "origin.url",
                origin.url()));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        gateway = TestGateway.start(config);
    }

    private RawResponse get(String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return RawClient.exchange(gateway.port(), request + "\r\n");
    }

    private RawResponse operator(String target) {
        return RawClient.exchange(gateway.adminPort(), "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /** What the operator port says as soon as it knows, as visitors have their answers a little before. */
    private RawResponse known(String target) {
        return await().atMost(LONG).until(() -> operator(target), found -> found.status() == 200);
    }

    private JsonNode explained(RawResponse answer) throws IOException {
        RawResponse found = known("/explain/" + answer.header("Esper-Reference"));
        return JSON.readTree(found.bodyText());
    }

    @Test
    void aBlockIsExplainedWithWhatItsClausesReadAndWhatTheWindowCounted() throws IOException {
        start();
        assertThat(get("/login?user=" + CANARY, "Accept: text/html", "User-Agent: curl/8")
                        .status())
                .isEqualTo(200);
        assertThat(get("/login", "Accept: text/html", "User-Agent: curl/8").status())
                .isEqualTo(200);
        RawResponse blocked =
                get("/login?user=" + CANARY, "Accept: text/html", "User-Agent: curl/8", "Cookie: session=" + CANARY);
        assertThat(blocked.status()).isEqualTo(403);
        JsonNode told = explained(blocked);
        assertThat(told.at("/answer/status").asInt()).isEqualTo(403);
        assertThat(told.at("/answer/outcome").asText()).isEqualTo("blocked");
        assertThat(told.at("/decision/source").asText()).isEqualTo("local");
        assertThat(told.at("/decision/policy").asText()).isEqualTo("door");
        assertThat(told.at("/decision/clause").asText()).isEqualTo("burst");
        assertThat(told.at("/decision/policies").asText())
                .matches("[0-9a-f]{12}")
                .isEqualTo(told.at("/policies/hash").asText());
        assertThat(told.at("/client/address").asText()).isEqualTo("127.0.0.1");
        assertThat(told.at("/client/known_from").asText()).isEqualTo("peer");
        assertThat(told.at("/request/path").asText()).isEqualTo("/login");
        assertThat(told.at("/visitor/pass_level").asInt()).isZero();
        assertThat(told.at("/micros/decided").asLong())
                .isBetween(0L, told.at("/micros/done").asLong());
        JsonNode burst = clause(told, "door", "burst");
        assertThat(burst.at("/condition").asBoolean()).isTrue();
        assertThat(burst.at("/window/count").asInt()).isEqualTo(3);
        assertThat(burst.at("/window/threshold").asInt()).isEqualTo(3);
        assertThat(burst.at("/window/of/client_ip").asText()).isEqualTo("127.0.0.1");
        assertThat(burst.at("/tests/0/read/request_path").asText()).isEqualTo("/login");
        assertThat(burst.at("/tests/1/holds").asBoolean()).isTrue();
        assertThat(burst.at("/tests/1/with").asText()).isEqualTo("html");
        assertThat(burst.at("/tests/2/holds").asBoolean()).isFalse();
        JsonNode quiet = clause(told, "door", "quiet");
        assertThat(quiet.at("/condition").asBoolean()).isFalse();
        assertThat(quiet.at("/tests/0/read")
                        .get("request_header[x-secret-word]")
                        .isNull())
                .isTrue();
        assertThat(told.toString()).doesNotContain(CANARY).doesNotContain("gate");
    }

    private static JsonNode clause(JsonNode told, String policy, String clause) {
        for (JsonNode asked : told.at("/policies/asked")) {
            for (JsonNode one : asked.get("clauses")) {
                if (asked.get("policy").asText().equals(policy)
                        && one.get("clause").asText().equals(clause)) {
                    return one;
                }
            }
        }
        throw new AssertionError(policy + "/" + clause + " in " + told);
    }

    @Test
    void aChallengeIsExplained() throws IOException {
        start();
        JsonNode told = explained(get("/slow", "Accept: text/html"));
        assertThat(told.at("/answer/outcome").asText()).isEqualTo("challenged");
        assertThat(told.at("/decision/action").asText()).isEqualTo("challenge");
        assertThat(clause(told, "gate", "slow").at("/condition").asBoolean()).isTrue();
    }

    @Test
    void aFailedQuestionThatClosesIsExplainedWithItsFailure() throws IOException {
        int nobody = FreePort.next();
        start(
                "mode",
                "cloud",
                "esper.api-url",
                "http://127.0.0.1:" + nobody,
                "esper.api-key",
                CANARY,
                "failure.normal.connect",
                "closed");
        RawResponse refused = get("/any");
        assertThat(refused.status()).isEqualTo(403);
        JsonNode told = explained(refused);
        assertThat(told.at("/decision/source").asText()).isEqualTo("failure");
        assertThat(told.at("/decision/failure").asText()).isEqualTo("decision_connect");
        assertThat(told.at("/cloud/breaker").asText()).isEqualTo("closed");
        assertThat(told.toString()).doesNotContain(CANARY);
    }

    @Test
    void anOriginThatFailsIsExplainedWithItsEndpoint() throws IOException {
        start();
        origin.stop();
        RawResponse failed = get("/login", "Accept: text/html");
        assertThat(failed.status()).isEqualTo(502);
        JsonNode told = explained(failed);
        assertThat(told.at("/answer/failure").asText()).isEqualTo("origin_connect");
        assertThat(told.at("/answer/detail").asText()).contains(origin.authority());
        assertThat(clause(told, "door", "burst").at("/window/count").asInt()).isOne();
        assertThat(told.at("/micros/first_byte").isMissingNode()).isTrue();
    }

    @Test
    void whatCouldNotBeReadIsExplainedAsFarAsItGoes() throws IOException {
        start();
        RawResponse refused = RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertThat(refused.status()).isEqualTo(400);
        JsonNode told = explained(refused);
        assertThat(told.at("/answer/outcome").asText()).isEqualTo("refused");
        assertThat(told.at("/client/peer").asText()).startsWith("127.0.0.1");
    }

    @Test
    void anUnknownReferenceAndWhatIsNoneAreToldSo() throws IOException {
        start();
        RawResponse unknown = operator("/explain/0123456789");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.bodyText()).contains("0123456789 is not known here").contains("explain.entries");
        assertThat(operator("/explain/%1b%5b2J").status()).isEqualTo(400);
        assertThat(operator("/explain/").status()).isEqualTo(400);
        assertThat(operator("/explain/a/b").status()).isEqualTo(400);
        assertThat(operator("/metrics/a").status()).isEqualTo(404);
    }

    @Test
    void whatVisitorsWriteIsPrintedSafelyAndBriefly() throws IOException {
        start();
        String hostile = "curl/\u00e2\u0080\u00ae \u009b2J" + "x".repeat(5000);
        get("/login", "Accept: html", "User-Agent: " + hostile);
        get("/login", "Accept: html", "User-Agent: " + hostile);
        RawResponse blocked = get("/login", "Accept: html", "User-Agent: " + hostile);
        assertThat(blocked.status()).isEqualTo(403);
        RawResponse text = known("/explain/" + blocked.header("Esper-Reference") + "?as=text");
        assertThat(text.bodyText())
                .contains("user_agent: curl/")
                .hasSizeLessThan(10_000)
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}&&[^\\n]]");
        assertThat(explained(blocked).at("/request/user_agent").asText().length())
                .isLessThan(300);
    }

    @Test
    void noMoreIsKeptThanConfigured() throws IOException {
        start("explain.entries", "3");
        RawResponse first = get("/slow");
        for (int i = 0; i < 4; i++) {
            get("/slow");
        }
        await().atMost(LONG).until(() -> gateway.metric("esper_explain_dropped_total{reason=\"full\"}") == 2);
        assertThat(operator("/explain?limit=10").bodyText().lines()).hasSize(3);
        assertThat(gateway.metric("esper_explain_entries")).isEqualTo(3);
        assertThat(operator("/explain/" + first.header("Esper-Reference")).status())
                .isEqualTo(404);
    }

    @Test
    void whatIsForwardedIsExplainedOnlyIfAskedFor() throws IOException {
        start();
        assertThat(get("/").status()).isEqualTo(200);
        assertThat(operator("/explain").bodyText()).isEmpty();
        gateway.close();
        start("explain.allows", "1");
        assertThat(get("/").status()).isEqualTo(200);
        String newest = await().atMost(LONG).until(() -> operator("/explain").bodyText(), text -> !text.isEmpty());
        JsonNode told = JSON.readTree(newest);
        assertThat(told.at("/answer/outcome").asText()).isEqualTo("forwarded");
        assertThat(told.at("/origin/endpoint").asText()).isEqualTo(origin.authority());
    }
}
