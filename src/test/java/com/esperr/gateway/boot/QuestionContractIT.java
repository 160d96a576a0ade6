package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a question of the true gateway holds, line by line of Esper's contract for {@code POST /api/v1/runtime/mitigation};
 * besides what each line says, {@link TestEsper} reads every question strictly.
 */
class QuestionContractIT {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String HOST = " HTTP/1.1\r\nHost: shop.test\r\n";
    private static final String ABSENT = "(absent)";
    private static final String TRUSTED = "client.trusted-proxies = [loopback]\n";
    private static final KeyedHash HASH = new KeyedHash("hash-key".getBytes(StandardCharsets.UTF_8));
    private static final String FACTS = """
            routes = [ { path = "/shops/{shop}/**", tier = normal } ]
            esper.hash-key = hash-key
            esper.fields { %1$s }
            """;

    private static TestOrigin origin;
    private static TestEsper esper;

    /**
     * One line of the contract.
     *
     * @param line the line
     * @param hocon the configuration of the knob, if it has one
     * @param request what the visitor sends
     * @param expected pointers into the question, and what is there: a regular expression, or that nothing is
     */
    record Row(String line, String hocon, String request, Map<String, String> expected) {
        @Override
        public String toString() {
            return line;
        }
    }

    private static String get(String target, String... lines) {
        return "GET " + target + HOST + String.join("", lines) + "\r\n";
    }

    private static String post(String type, String body) {
        return "POST /shops/7/cart?q=find" + HOST + "X-Plan: gold\r\nCookie: account=c-77\r\nContent-Type: " + type
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String fields(String treatment) {
        return FACTS.formatted("""
                h = "request_header[X-Plan]%1$s", c = "cookie[account]%1$s", q = "query_param[q]%1$s",
                r = "route_param[shop]%1$s", j = "body[/user/mail]%1$s", e = "body[user->mail]%1$s", f = "form[mail]%1$s"
                """.formatted(treatment));
    }

    private static Map<String, String> facts(String h, String c, String q, String r, String j, String f) {
        return Map.of(
                "/fields/h",
                h,
                "/fields/c",
                c,
                "/fields/q",
                q,
                "/fields/r",
                r,
                "/fields/j",
                j,
                "/fields/e",
                j,
                "/fields/f",
                f);
    }

    private static final String MAIL = "a@shop.test";
    private static final String IN_JSON = post("application/json", "{\"user\":{\"mail\":\"a@shop.test\"}}");
    private static final String IN_FORM = post("application/x-www-form-urlencoded", "mail=a%40shop.test&x=1");

    static List<Row> rows() {
        return List.of(
                new Row("source", "esper.source = edge-gw-eu", get("/"), Map.of("/source", "edge-gw-eu")),
                new Row(
                        "observed_at: RFC 3339 UTC with milliseconds",
                        "",
                        get("/"),
                        Map.of("/observed_at", "2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z")),
                new Row("idempotency_key: a random UUID", "", get("/"), Map.of("/idempotency_key", UUID)),
                new Row(
                        "return_url: the absolute URL the visitor asked for, minus the proof parameter",
                        "",
                        get("/basket?a=%20&esper_challenge_proof=t0&step=2&esper_challenge_proof=t1"),
                        Map.of(
                                "/return_url", "http://shop\\.test/basket\\?a=%20&step=2",
                                "/request/query_params", "\\{\"a\":\" \",\"step\":\"2\"}")),
                new Row(
                        "return_url: https if a trusted hop says so",
                        TRUSTED,
                        get("/basket", "X-Forwarded-Proto: https\r\n"),
                        Map.of("/return_url", "https://shop\\.test/basket")),
                new Row(
                        "request.method and request.path",
                        "",
                        "DELETE /a%20b/c?x=1" + HOST + "\r\n",
                        Map.of("/request/method", "DELETE", "/request/path", "/a%20b/c")),
                new Row(
                        "request.headers: map string to string, lower-case; an allow-list",
                        "",
                        get("/", "User-AGENT: curl/8.7.1\r\nX-Other: canary\r\nSec-Fetch-Mode: cors\r\n"),
                        Map.of(
                                "/request/headers/user-agent", "curl/8\\.7\\.1",
                                "/request/headers/sec-fetch-mode", "cors",
                                "/request/headers/x-other", ABSENT)),
                new Row(
                        "request.headers: never authorization, never our key, nor cookies, even if all are allowed",
                        "esper.headers = [ \"*\" ]",
                        get(
                                "/",
                                "Authorization: Bearer s\r\nProxy-Authorization: Basic s\r\nX-Esper-Api-Key: s\r\n",
                                "Cookie: sid=s\r\nX-Other: fine\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n"),
                        Map.of(
                                "/request/headers",
                                "\\{\"host\":\"shop.test\",\"x-other\":\"fine\","
                                        + "\"x-forwarded-for\":\"127.0.0.1\"}")),
                new Row(
                        "request.headers: x-forwarded-for holds the trusted client address",
                        TRUSTED,
                        get("/", "X-Forwarded-For: 6.6.6.6, 198.51.100.23\r\n"),
                        Map.of(
                                "/request/headers/x-forwarded-for", "198\\.51\\.100\\.23",
                                "/request/client_ip", "198\\.51\\.100\\.23")),
                new Row(
                        "request.headers: x-forwarded-for is not what a visitor says",
                        "",
                        get("/", "X-Forwarded-For: 6.6.6.6\r\n"),
                        Map.of(
                                "/request/headers/x-forwarded-for", "127\\.0\\.0\\.1",
                                "/request/client_ip", "127\\.0\\.0\\.1")),
                new Row(
                        "request.headers: x-forwarded-for, knob for its form",
                        TRUSTED + "esper.forwarded-for = list",
                        get("/", "X-Forwarded-For: 198.51.100.23, 203.0.113.9\r\n"),
                        Map.of(
                                "/request/headers/x-forwarded-for",
                                "198\\.51\\.100\\.23, 203\\.0\\.113\\.9, 127\\.0\\.0\\.1")),
                new Row(
                        "X-Esper-Hybrid-Key: a visitor's own is not even seen",
                        "esper { headers = [ x-esper-hybrid-key ], fields { k = \"request_header[x-esper-hybrid-key]\" } }",
                        get("/", "X-Esper-Hybrid-Key: canary\r\n"),
                        Map.of("/request/headers/x-esper-hybrid-key", ABSENT, "/fields/k", ABSENT)),
                new Row(
                        "X-Esper-Hybrid-Key: a trusted hop's is preserved if configured",
                        TRUSTED + "esper.headers = [ x-esper-hybrid-key ]",
                        get("/", "X-Esper-Hybrid-Key: k-1\r\n"),
                        Map.of("/request/headers/x-esper-hybrid-key", "k-1")),
                new Row(
                        "maps with repeated names: last value wins",
                        "esper { headers = [ x-a ], cookies = [ c ] }",
                        get("/?q=1&q=2&q=3", "X-A: 1\r\nX-A: 2\r\nCookie: c=1; c=2\r\n"),
                        repeated("2", "2", "3")),
                new Row(
                        "maps with repeated names: knob first",
                        "esper { headers = [ x-a ], cookies = [ c ], repeated = first }",
                        get("/?q=1&q=2&q=3", "X-A: 1\r\nX-A: 2\r\nCookie: c=1; c=2\r\n"),
                        repeated("1", "1", "1")),
                new Row(
                        "maps with repeated names: knob join",
                        "esper { headers = [ x-a ], cookies = [ c ], repeated = join }",
                        get("/?q=1&q=2&q=3", "X-A: 1\r\nX-A: 2\r\nCookie: c=1; c=2\r\n"),
                        repeated("1, 2", "1, 2", "1, 2, 3")),
                new Row(
                        "request.cookies: none but those that are named",
                        "esper.cookies = [ c ]",
                        get("/", "Cookie: sid=canary; c=1; esper_challenge=pass\r\n"),
                        Map.of("/request/cookies", "\\{\"c\":\"1\"}")),
                new Row(
                        "request.route_params",
                        "routes = [ { path = \"/shops/{shop}/**\", tier = normal } ]",
                        get("/shops/a%20b/x"),
                        Map.of("/request/route_params", "\\{\"shop\":\"a b\"}")),
                new Row(
                        "request.client_ip, request.user_agent: sent here too",
                        "",
                        get("/", "User-Agent: curl/8.7.1\r\n"),
                        Map.of("/request/client_ip", "127\\.0\\.0\\.1", "/request/user_agent", "curl/8\\.7\\.1")),
                new Row(
                        "request.client_ip, request.user_agent: knob to drop",
                        "esper.identity = false",
                        get("/", "User-Agent: curl/8.7.1\r\n"),
                        Map.of("/request/client_ip", ABSENT, "/request/user_agent", ABSENT)),
                new Row(
                        "fields: {\"probe\":\"1\"} when nothing else is configured",
                        "",
                        get("/"),
                        Map.of("/fields", "\\{\"probe\":\"1\"}")),
                new Row(
                        "fields: {\"probe\":\"1\"} when nothing that is configured is there",
                        "esper.fields.account = \"cookie[account]\"",
                        get("/"),
                        Map.of("/fields", "\\{\"probe\":\"1\"}")),
                new Row(
                        "fields: header, cookie, query, path segment and JSON, as they are",
                        fields(""),
                        IN_JSON,
                        facts("gold", "c-77", "find", "7", MAIL, ABSENT)),
                new Row(
                        "fields: form field, as it is",
                        fields(" | as-is"),
                        IN_FORM,
                        facts("gold", "c-77", "find", "7", ABSENT, MAIL)),
                new Row(
                        "fields: header, cookie, query, path segment and JSON, hashed",
                        fields(" | hash"),
                        IN_JSON,
                        facts(HASH.of("gold"), HASH.of("c-77"), HASH.of("find"), HASH.of("7"), HASH.of(MAIL), ABSENT)),
                new Row(
                        "fields: form field, hashed",
                        fields(" | hash"),
                        IN_FORM,
                        Map.of("/fields/f", HASH.of(MAIL), "/fields/j", ABSENT)),
                new Row("fields: dropped", fields(" | drop"), IN_FORM, Map.of("/fields", "\\{\"probe\":\"1\"}")),
                new Row(
                        "body: a capped prefix, marked partial when cut",
                        "esper { body.prefix = 16 B, body.held-bytes = 1 KiB, fields.mail = \"form[mail]\" }",
                        IN_FORM,
                        Map.of("/fields/partial", "1")),
                new Row("tenant_id: not sent", "", get("/"), Map.of("/tenant_id", ABSENT)),
                new Row("tenant_id: optional knob", "esper.tenant-id = t-1", get("/"), Map.of("/tenant_id", "t-1")));
    }

    private static Map<String, String> repeated(String header, String cookie, String query) {
        return Map.of("/request/headers/x-a", header, "/request/cookies/c", cookie, "/request/query_params/q", query);
    }

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        esper = TestEsper.start();
    }

    @AfterAll
    static void stop() {
        esper.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        esper.forget();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theQuestionHoldsWhatTheLineSays(Row row) {
        try (TestGateway gateway = gateway(row.hocon())) {
            assertThat(RawClient.exchange(gateway.port(), row.request()).status())
                    .isEqualTo(200);
        }
        assertThat(esper.violations()).isEmpty();
        assertThat(esper.decisionCalls()).hasSize(1);
        EsperCall call = esper.decisionCalls().get(0);
        row.expected().forEach((pointer, regex) -> {
            JsonNode found = call.json().at(pointer);
            assertThat(found.isMissingNode() ? ABSENT : found.isValueNode() ? found.asText() : found.toString())
                    .as(pointer)
                    .matches(regex.equals(ABSENT) ? "\\(absent\\)" : regex);
        });
        assertThat(call.request().headers().all("x-esper-api-key")).containsExactly(TestEsper.API_KEY);
        assertThat(call.request().headers().has("authorization")).isFalse();
    }

    private static TestGateway gateway(String hocon) {
        return TestGateway.start(
                hocon,
                Map.of(
                        "mode", "cloud",
                        "origin.url", origin.url(),
                        "esper.api-url", esper.url(),
                        "esper.api-key", TestEsper.API_KEY,
                        "esper.connect-timeout", "20s",
                        "decision.timeout", "20s",
                        "runtime.event-loops", "1"));
    }
}
