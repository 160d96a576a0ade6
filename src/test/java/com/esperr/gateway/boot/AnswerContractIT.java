package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the true gateway makes of answers and errors, line by line of Esper's contract. */
class AnswerContractIT {
    private static final String REQUEST =
            "GET /basket HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\n" + "Sec-Fetch-Mode: navigate\r\n\r\n";
    private static final String URL = "https://shop.test/challenge";

    private static TestOrigin origin;
    private static TestEsper esper;
    private static TestGateway gateway;

    @TempDir
    private Path directory;

    /** What becomes of the request. */
    enum Becomes {
        ALLOWED,
        BLOCKED,
        CHALLENGED,
        MALFORMED,
        UNUSABLE
    }

    /**
     * One line of the contract.
     *
     * @param line the line
     * @param answer the body of an answer with status 200
     * @param becomes what becomes of the request
     */
    record Row(String line, String answer, Becomes becomes) {
        @Override
        public String toString() {
            return line + ": " + answer;
        }
    }

    private static String challenge(String url) {
        return "{\"action\":\"challenge\",\"redirect_url\":\"" + url + "\"}";
    }

    static List<Row> rows() {
        String action = "the action is allow, challenge or block";
        String keys = "action, decision, active_mitigation.decision, in this order, case-insensitively";
        String redirect = "redirect_url, challenge.redirect_url, in this order, case-insensitively";
        String observed = "monitor, observe, null or absent mitigation: allow";
        String other = "any other value is a malformed answer";
        String hosts = "a redirect_url on an allowed host";
        return List.of(
                new Row(action, "{\"action\":\"allow\"}", Becomes.ALLOWED),
                new Row(action, "{\"action\":\"block\"}", Becomes.BLOCKED),
                new Row(action, challenge(URL), Becomes.CHALLENGED),
                new Row(keys, "{\"decision\":\"block\"}", Becomes.BLOCKED),
                new Row(keys, "{\"active_mitigation\":{\"decision\":\"Block\"}}", Becomes.BLOCKED),
                new Row(keys, "{\"Active_Mitigation\":{\"DECISION\":\"bLOCK\"}}", Becomes.BLOCKED),
                new Row(keys, "{\"ACTION\":\"BLOCK\"}", Becomes.BLOCKED),
                new Row(keys, "{\"decision\":\"allow\",\"action\":\"block\"}", Becomes.BLOCKED),
                new Row(
                        keys,
                        "{\"active_mitigation\":{\"decision\":\"allow\"},\"decision\":\"block\"}",
                        Becomes.BLOCKED),
                new Row(keys, "{\"action\":null,\"decision\":\"block\"}", Becomes.BLOCKED),
                new Row(
                        redirect,
                        "{\"action\":\"challenge\",\"challenge\":{\"redirect_url\":\"" + URL + "\"}}",
                        Becomes.CHALLENGED),
                new Row(
                        redirect,
                        "{\"ACTION\":\"Challenge\",\"Challenge\":{\"Redirect_URL\":\"" + URL + "\"}}",
                        Becomes.CHALLENGED),
                new Row(
                        redirect,
                        "{\"action\":\"challenge\",\"challenge\":{\"redirect_url\":\"https://foreign.test/\"},"
                                + "\"redirect_url\":\"" + URL + "\"}",
                        Becomes.CHALLENGED),
                new Row(
                        "ignore unknown keys",
                        "{\"x\":{\"action\":[1]},\"action\":\"block\",\"y\":7}",
                        Becomes.BLOCKED),
                new Row(observed, "{\"action\":\"monitor\"}", Becomes.ALLOWED),
                new Row(observed, "{\"action\":\"Observe\"}", Becomes.ALLOWED),
                new Row(observed, "{\"action\":null}", Becomes.ALLOWED),
                new Row(observed, "{\"active_mitigation\":null}", Becomes.ALLOWED),
                new Row(observed, "{}", Becomes.ALLOWED),
                new Row(other, "{\"action\":\"obliterate\"}", Becomes.MALFORMED),
                new Row(other, "{\"action\":\"\"}", Becomes.MALFORMED),
                new Row(other, "{\"action\":\"allow \"}", Becomes.MALFORMED),
                new Row(other, "{\"action\":true}", Becomes.MALFORMED),
                new Row(other, "{\"action\":[\"allow\"]}", Becomes.MALFORMED),
                new Row(other, "{\"active_mitigation\":\"allow\"}", Becomes.MALFORMED),
                new Row(other, "[]", Becomes.MALFORMED),
                new Row(hosts + ": the API's own", challenge(esper().url() + "/c/1"), Becomes.CHALLENGED),
                new Row(hosts + ": the gateway's own", challenge("http://shop.test:8080/c"), Becomes.CHALLENGED),
                new Row(hosts + ": knob", challenge("https://checks.example/c"), Becomes.CHALLENGED),
                new Row("a challenge whose redirect_url is missing", "{\"action\":\"challenge\"}", Becomes.UNUSABLE),
                new Row("a challenge whose redirect_url is empty", challenge(""), Becomes.UNUSABLE),
                new Row("a redirect_url that is not absolute", challenge("/c/1"), Becomes.UNUSABLE),
                new Row("a redirect_url that is not https or http", challenge("javascript:alert(1)"), Becomes.UNUSABLE),
                new Row("a redirect_url on a foreign host", challenge("https://foreign.test/c"), Becomes.UNUSABLE),
                new Row(
                        "a redirect_url on a foreign host",
                        challenge("https://shop.test@foreign.test/c"),
                        Becomes.UNUSABLE),
                new Row(
                        "a redirect_url on a foreign host",
                        challenge("https://shop.test.foreign.test/c"),
                        Becomes.UNUSABLE));
    }

    private static TestEsper esper() {
        if (esper == null) {
            esper = TestEsper.start();
        }
        return esper;
    }

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        gateway = gateway("", Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        esper.close();
        // So that the class can be run once more in the same process.
        esper = null;
        origin.close();
    }

    @AfterEach
    void heal() {
        esper.heal().answer(EsperReply.allow()).forget();
        origin.forget();
    }

    private static TestGateway gateway(String hocon, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "mode", "cloud",
                "origin.url", origin.url(),
                "esper.api-url", esper().url(),
                "esper.api-key", TestEsper.API_KEY,
                "esper.connect-timeout", "20s",
                "esper.breaker.failures", "1000000",
                "challenge.allowed-hosts", "checks.example",
                "decision.timeout", "20s",
                "runtime.event-loops", "1"));
        config.putAll(more);
        return TestGateway.start(hocon, config);
    }

    private static RawResponse ask(TestGateway asked) {
        return RawClient.exchange(asked.port(), REQUEST);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anAnswerBecomesWhatTheLineSays(Row row) {
        int malformed = gateway.failures(FailureReason.DECISION_MALFORMED);
        int unusable = gateway.failures(FailureReason.CHALLENGE_UNUSABLE);
        esper.answer(EsperReply.json(row.answer()));
        RawResponse response = ask(gateway);
        Becomes becomes = switch (response.status()) {
            case 200 ->
                gateway.failures(FailureReason.DECISION_MALFORMED) > malformed ? Becomes.MALFORMED : Becomes.ALLOWED;
            case 302 -> Becomes.CHALLENGED;
            // The failure table's default for it is closed.
            case 403 ->
                gateway.failures(FailureReason.CHALLENGE_UNUSABLE) > unusable ? Becomes.UNUSABLE : Becomes.BLOCKED;
            default -> throw new AssertionError(response);
        };
        assertThat(becomes).isEqualTo(row.becomes());
        assertThat(esper.decisionCalls()).hasSize(1);
        assertThat(esper.violations()).isEmpty();
        assertThat(origin.requests()).hasSize(response.status() == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"action\":\"block\",\"decision_id\":\"d-1\"} | X-Esper-Decision-ID: d-2 | d-1",
                "{\"action\":\"block\"}                         | X-Esper-Decision-ID: d-2 | d-2",
                "{\"action\":\"block\",\"Decision_Id\":\"d-3\"} | X-Other: 1               | d-3",
            })
    void decisionIdAndReasonAreFoundAndLogged(String answer, String header, String id) throws Exception {
        Path log = directory.resolve("access.log");
        String with = answer.replace("}", ",\"reason\":\"why\"}");
        esper.answer(EsperReply.json(with).with(header));
        try (TestGateway logging = gateway("", Map.of("log.access", log.toString()))) {
            assertThat(ask(logging).status()).isEqualTo(403);
        }
        assertThat(Files.readString(log)).contains("\"decision_id\":\"" + id + "\"", "\"reason\":\"why\"");
    }

    @Test
    void theKeysOfAnAnswerCanBeChanged() {
        String hocon = "esper.answer { action = [ verdict.do ], redirect-url = [ verdict.to ] }";
        esper.answer(
                EsperReply.json("{\"action\":\"allow\",\"verdict\":{\"do\":\"challenge\",\"to\":\"" + URL + "\"}}"));
        try (TestGateway other = gateway(hocon, Map.of())) {
            assertThat(ask(other).header("location")).isEqualTo(URL);
        }
    }

    @Test
    void theOlderProfileIsFlatAndCarriesABearerToken() {
        try (TestEsper older = TestEsper.start().takeLegacyFlat();
                TestGateway flat = gateway(
                        "",
                        Map.of(
                                "esper.api-url",
                                older.url(),
                                "esper.profile",
                                "legacy-flat",
                                "esper.tenant-id",
                                "platform-7"))) {
            older.answer(EsperReply.block("no"));
            assertThat(ask(flat).status()).isEqualTo(403);
            assertThat(older.violations()).isEmpty();
            assertThat(older.unauthorized()).isZero();
            EsperCall call = older.decisionCalls().get(0);
            assertThat(call.json().toString())
                    .isEqualTo("{\"platform_id\":\"platform-7\",\"ip\":\"127.0.0.1\",\"user_agent\":\"\","
                            + "\"path\":\"/basket\",\"method\":\"GET\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSE_BEFORE_REPLY, 2",
        "RESET_AT, 2",
        "STATUS_502, 2",
        "STATUS_503, 2",
        "STATUS_504, 2",
        "STATUS_500, 1",
        "STATUS_503_RETRY_AFTER, 1",
        "STATUS_401, 1",
        "STATUS_404, 1",
        "GARBAGE, 1",
        "UNKNOWN_ACTION, 1",
        "REDIRECT, 1",
    })
    void atMostOneRetryAndOnlyOnAConnectionFailureOr502Or503Or504WithTheSameKey(Fault fault, int calls) {
        esper.inject(fault);
        ask(gateway);
        List<String> keys = esper.decisionCalls().stream()
                .map(call -> call.text("/idempotency_key"))
                .toList();
        assertThat(keys).hasSize(calls);
        assertThat(keys.stream().distinct()).hasSize(1);
        esper.forget();
        ask(gateway);
        assertThat(esper.decisionCalls().get(0).text("/idempotency_key")).isNotIn(keys);
    }

    @Test
    void aRetryIsInsideTheSameDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        try (TestGateway brisk = gateway("", Map.of("decision.timeout", "500ms"))) {
            esper.inject(Fault.CLOSE_BEFORE_REPLY, 0, 1).answer(json -> {
                await().until(() -> never.getCount() == 0);
                return EsperReply.allow();
            });
            assertThat(ask(brisk).status()).isEqualTo(200);
            assertThat(brisk.failures(FailureReason.DECISION_TIMEOUT)).isEqualTo(1);
            assertThat(esper.decisionCalls()).hasSize(2);
        } finally {
            never.countDown();
        }
    }

    @Test
    void inlineACallMayTakeTheTimesOfTheContract() {
        try (TestGateway plain = TestGateway.start(Map.of("origin.url", origin.url()))) {
            GatewayConfig config = plain.gateway().config();
            assertThat(config.decisionTimeout()).isEqualTo(Duration.ofMillis(250));
            assertThat(config.cloud().connectTimeout()).isEqualTo(Duration.ofMillis(100));
            assertThat(config.cloud().retry()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"401", "403"})
    void aRefusedKeyIsSaidOnceHoweverManyVisitorsMeetIt(int status) {
        try (Logged logged = Logged.below("com.esperr.gateway.cloud");
                TestGateway asked = gateway("", Map.of())) {
            esper.answer(EsperReply.status(status));
            for (int i = 0; i < 20; i++) {
                assertThat(ask(asked).status()).isEqualTo(200);
            }
            assertThat(esper.decisionCalls()).hasSize(20);
            assertThat(asked.failures(FailureReason.DECISION_UNAUTHORIZED)).isEqualTo(20);
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR ")
                    .contains("the API key is refused, status " + status);
            esper.answer(EsperReply.allow());
            ask(asked);
            assertThat(logged.lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("INFO ")
                    .contains("accepted again");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 429, 500})
    void ofAnErrorBodyAtMost256BytesAreLoggedAndNeverTheKey(int status) {
        try (Logged logged = Logged.below("com.esperr.gateway");
                TestGateway asked = gateway("", Map.of())) {
            esper.answer(new EsperReply(status, List.of(), "~".repeat(200) + TestEsper.API_KEY + "~".repeat(5000)));
            ask(asked);
            assertThat(logged.lines())
                    .noneMatch(line ->
                            line.contains(TestEsper.API_KEY) || line.contains(TestEsper.API_KEY.substring(0, 8)));
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("~"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.substring(line.indexOf('~'))).hasSize(256));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After: 3600", "X-Other: 1", "Retry-After: tomorrow"})
    void overTheRateNothingIsAskedForAWhileAndNoVisitorIsHeldMeanwhile(String header) {
        try (TestGateway asked = gateway("", Map.of("esper.rate-limit-back-off", "60s"))) {
            esper.answer(EsperReply.status(429, header));
            for (int i = 0; i < 50; i++) {
                assertThat(ask(asked).status()).isEqualTo(200);
            }
            assertThat(esper.decisionCalls()).hasSize(1);
            assertThat(asked.failures(FailureReason.DECISION_RATE_LIMITED)).isEqualTo(50);
            assertThat(asked.readiness()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After: 1", "X-Other: 1", "Retry-After: tomorrow"})
    void afterThePauseThatIsDemandedOrOurOwnItIsAskedAgain(String header) {
        try (TestGateway asked = gateway("", Map.of("esper.rate-limit-back-off", "300ms"))) {
            esper.answer(EsperReply.status(429, header));
            ask(asked);
            assertThat(asked.failures(FailureReason.DECISION_RATE_LIMITED)).isEqualTo(1);
            esper.answer(EsperReply.block("again"));
            await().until(() -> ask(asked).status() == 403);
        }
    }
}
