package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalRepliesTest {

    private static final String REFERENCE = "7KQ2-XM4P";
    private static final String CHALLENGE = "https://check.test/c?id=1&x=2";

    private final LocalReplies replies = new LocalReplies();

    private static String text(LocalReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(LocalReply reply) throws Exception {
        return new ObjectMapper().readTree(reply.body());
    }

    @ParameterizedTest
    @EnumSource(ClientForm.class)
    void everyAnswerIsStoredByNobodyAndCarriesItsReference(ClientForm form) {
        for (LocalReply reply : new LocalReply[] {
            replies.blocked(form, REFERENCE),
            replies.failure(form, 502, REFERENCE),
            replies.challenge(form, "POST", REFERENCE, CHALLENGE)
        }) {
            Fields fields = reply.fields();
            assertThat(fields.get("cache-control")).isEqualTo("no-store");
            assertThat(fields.get("vary")).isEqualTo(ClientForm.VARY);
            assertThat(fields.get("x-content-type-options")).isEqualTo("nosniff");
            assertThat(fields.get("esper-reference")).isEqualTo(REFERENCE);
            assertThat(fields.get("content-length")).isEqualTo(String.valueOf(reply.body().length));
            assertThat(fields.contains("set-cookie")).isFalse();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < fields.size(); i++) {
                assertThat(names.add(fields.name(i).toLowerCase(Locale.ROOT))).isTrue();
            }
            if (form == ClientForm.GRPC || form == ClientForm.GRPC_WEB) {
                assertThat(reply.status()).isEqualTo(200);
                assertThat(fields.get("grpc-message")).contains(REFERENCE);
            } else if (form != ClientForm.PREFLIGHT) {
                assertThat(text(reply)).contains(REFERENCE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTML, text/html; charset=utf-8",
        "PROBLEM_JSON, application/problem+json",
        "HTMX, application/problem+json",
        "SUBRESOURCE, text/plain; charset=utf-8",
        "GRPC, application/grpc",
        "GRPC_WEB, application/grpc-web+proto",
        "WEBSOCKET, text/plain; charset=utf-8",
        "PREFLIGHT, ",
    })
    void theTypeFollowsTheForm(ClientForm form, String type) {
        assertThat(replies.blocked(form, REFERENCE).fields().get("content-type"))
                .isEqualTo(type);
    }

    @ParameterizedTest
    @EnumSource(
            value = ClientForm.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HTML", "SUBRESOURCE"})
    void whatIsNoPageIsToldTheChallengeInAFieldAndNeverRedirected(ClientForm form) {
        LocalReply reply = replies.challenge(form, "POST", REFERENCE, CHALLENGE);
        assertThat(reply.status()).isIn(200, 403);
        assertThat(reply.fields().get("esper-mitigated")).isEqualTo("challenge");
        assertThat(reply.fields().get("esper-challenge")).isEqualTo(CHALLENGE);
        assertThat(reply.fields().contains("location")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = ClientForm.class,
            names = {"SUBRESOURCE", "WEBSOCKET"})
    void whatNobodySeesIsTiny(ClientForm form) {
        assertThat(replies.challenge(form, "GET", REFERENCE, CHALLENGE).body().length)
                .isLessThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "403, 7", "400, 13", "404, 12", "408, 4", "413, 8", "429, 14", "502, 14", "503, 14", "504, 14", "418, 2",
        "401, 16", "500, 13", "431, 8"
    })
    void aGrpcClientReadsAStatusOfItsOwn(int status, String code) {
        Fields fields = replies.failure(ClientForm.GRPC, status, REFERENCE).fields();
        assertThat(fields.get("grpc-status")).isEqualTo(code);
        assertThat(replies.challenge(ClientForm.GRPC, "POST", REFERENCE, CHALLENGE)
                        .fields()
                        .get("grpc-status"))
                .isEqualTo("16");
        assertThat(GrpcStatus.message("100% é\r\n")).isEqualTo("100%25 %C3%A9%0D%0A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.test",
                "http://localhost:3000",
                "null",
                "https://[2001:db8::1]:8443",
                "moz-extension://a-b"
            })
    void aScriptOfAnotherSiteMayReadThatItIsAChallenge(String origin) {
        LocalReply reply = CrossOrigin.readable(
                replies.challenge(ClientForm.PROBLEM_JSON, "GET", REFERENCE, CHALLENGE),
                Fields.builder(1).add("Origin", origin).build());
        assertThat(reply.fields().get("access-control-allow-origin")).isEqualTo(origin);
        assertThat(reply.fields().get("access-control-allow-credentials")).isEqualTo("true");
        assertThat(reply.fields().get("access-control-expose-headers")).contains("Esper-Mitigated", "Esper-Challenge");
        assertThat(reply.fields().get("vary")).endsWith(", Origin");
        assertThat(reply.fields().all("vary")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "https://a.test/x", "https://a test", "https://", "a", "", "https://a.test, https://b.test"
            })
    void whatIsNoOriginIsNotEchoed(String origin) {
        LocalReply reply = replies.blocked(ClientForm.PROBLEM_JSON, REFERENCE);
        assertThat(CrossOrigin.readable(
                        reply, Fields.builder(1).add("Origin", origin).build()))
                .isSameAs(reply);
        assertThat(CrossOrigin.readable(reply, Fields.EMPTY)).isSameAs(reply);
    }

    @Test
    void aBlockedRequestIsAnswered403() throws Exception {
        LocalReply reply = replies.blocked(ClientForm.PROBLEM_JSON, REFERENCE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.reason()).isEqualTo("Forbidden");
        assertThat(reply.fields().get("esper-mitigated")).isEqualTo("block");
        assertThat(json(reply).toString())
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
                        + "\"detail\":\"This request was blocked.\",\"reference\":\"7KQ2-XM4P\"}");
    }

    @ParameterizedTest
    @CsvSource({"GET, 302", "HEAD, 302", "POST, 303", "PUT, 303", "DELETE, 303", "get, 303"})
    void aNavigationIsRedirectedToItsChallenge(String method, int status) {
        LocalReply reply = replies.challenge(ClientForm.HTML, method, REFERENCE, CHALLENGE);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.fields().get("location")).isEqualTo(CHALLENGE);
        assertThat(reply.fields().get("esper-mitigated")).isEqualTo("challenge");
        assertThat(text(reply)).contains("href=\"https://check.test/c?id=1&amp;x=2\"");
    }

    @Test
    void aProgramGetsTheChallengeAsAUrl() throws Exception {
        LocalReply reply = replies.challenge(ClientForm.PROBLEM_JSON, "GET", REFERENCE, CHALLENGE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.fields().contains("location")).isFalse();
        assertThat(reply.fields().get("esper-mitigated")).isEqualTo("challenge");
        assertThat(json(reply).get("challenge_url").asText()).isEqualTo(CHALLENGE);
        assertThat(json(reply).get("status").asInt()).isEqualTo(403);
    }

    @Test
    void whoHasPassedIsSentToWhatHeAskedForByteForByte() {
        LocalReply reply = replies.admitted("REF1", "/a?b=\\{1}|\"&c", "p=1; Path=/");
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.fields().get("location")).isEqualTo("/a?b=\\{1}|\"&c");
        assertThat(reply.fields().get("set-cookie")).isEqualTo("p=1; Path=/");
        assertThat(reply.fields().get("cache-control")).isEqualTo("no-store");
        assertThat(reply.body()).isEmpty();
        assertThat(replies.admitted("REF1", "/a", null).fields().contains("set-cookie"))
                .isFalse();
    }

    @Test
    void htmxIsToldToLeaveThePage() {
        LocalReply reply = replies.challenge(ClientForm.HTMX, "GET", REFERENCE, CHALLENGE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.fields().get("hx-redirect")).isEqualTo(CHALLENGE);
        assertThat(reply.fields().contains("location")).isFalse();
    }

    @Test
    void aPartOfAPageIsNeverRedirected() {
        LocalReply reply = replies.challenge(ClientForm.SUBRESOURCE, "GET", REFERENCE, CHALLENGE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.fields().contains("location")).isFalse();
        assertThat(text(reply)).isEqualTo("Forbidden (reference 7KQ2-XM4P)\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript://x/%0aalert(1)",
                "data:text/html,x",
                "//evil.test/",
                "evil.test",
                "",
                "ftp://x/",
                "\\\\evil.test",
                "https:evil.test",
                " https://x.test/"
            })
    void aUrlThatIsNoPageIsNotPassedOn(String url) {
        LocalReply reply = replies.challenge(ClientForm.HTML, "GET", REFERENCE, url);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.fields().contains("location")).isFalse();
        assertThat(text(reply)).contains("href=\"\"").doesNotContain("evil", "alert");
    }

    @ParameterizedTest
    @CsvSource({
        "/challenge?x=1, /challenge?x=1",
        "HTTPS://x.test/ä b, HTTPS://x.test/%C3%A4%20b",
        "'https://x.test/\r\nSet-Cookie: a=1', https://x.test/%0D%0ASet-Cookie:%20a=1",
        "https://x.test/%41\\\"<>, https://x.test/%41%5C%22%3C%3E",
    })
    void aLocationHoldsNothingButAUrl(String url, String location) {
        assertThat(replies.challenge(ClientForm.HTML, "GET", REFERENCE, url)
                        .fields()
                        .get("location"))
                .isEqualTo(location);
    }

    @ParameterizedTest
    @EnumSource(ClientForm.class)
    void nothingThatIsPutInBecomesMarkup(ClientForm form) throws Exception {
        String nasty = "\"'><script>alert(1)</script>&\\\u0000\r\nX: y\u2028é{{title}}";
        LocalReply reply = replies.challenge(form, "GET", nasty, "https://x.test/'onmouseover='alert(1)<script>");
        if (form == ClientForm.HTML) {
            assertThat(text(reply))
                    .doesNotContain("<script", "\"'>", "'onmouseover")
                    .contains("&lt;script&gt;", "{{title}}");
        }
        if (form == ClientForm.PROBLEM_JSON) {
            assertThat(text(reply)).doesNotContain("<", "\u2028");
            assertThat(json(reply).get("reference").asText()).isEqualTo(nasty);
        }
        assertThat(reply.fields().contains("x")).isFalse();
    }

    @Test
    void aPageFetchesNothingAndRunsNothing() throws Exception {
        LocalReply reply = replies.failure(ClientForm.HTML, 503, REFERENCE);
        String page = text(reply);
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(reply.fields().get("content-security-policy"))
                .isEqualTo("default-src 'none'; style-src 'sha256-" + hash
                        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(reply.fields().get("x-frame-options")).isEqualTo("DENY");
        assertThat(reply.fields().get("referrer-policy")).isEqualTo("no-referrer");
        assertThat(page)
                .doesNotContain("{{", "}}", "<script", "src=", "url(", "@import", "style=", "http:", "https:")
                .contains("503", "Service Unavailable", "prefers-color-scheme: dark");
        assertThat(page.length()).isLessThan(4_096);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 408, 413, 414, 417, 418, 429, 431, 500, 501, 502, 503, 504, 505, 599})
    void everyStatusHasItsWords(int status) throws Exception {
        LocalReply reply = replies.failure(ClientForm.PROBLEM_JSON, status, REFERENCE);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(json(reply).get("status").asInt()).isEqualTo(status);
        assertThat(json(reply).get("title").asText()).isEqualTo(reply.reason()).isNotBlank();
        assertThat(json(reply).get("detail").asText()).isNotBlank();
        assertThat(reply.fields().contains("esper-mitigated")).isFalse();
        assertThat(reply.fields().contains("allow")).isEqualTo(status == 405);
        assertThat(reply.fields().contains("retry-after")).isEqualTo(status == 503);
    }

    @Test
    void furtherFieldsReplaceTheUsualOnes() {
        Fields extra = Fields.builder(2)
                .add("Retry-After", "30")
                .add("Esper-Note", "x")
                .build();
        LocalReply reply = replies.failure(ClientForm.HTML, 503, REFERENCE, extra);
        assertThat(reply.fields().all("retry-after")).containsExactly("30");
        assertThat(reply.fields().get("esper-note")).isEqualTo("x");
        Fields allow = Fields.builder(1).add("Allow", "GET").build();
        assertThat(replies.failure(ClientForm.HTML, 405, REFERENCE, allow)
                        .fields()
                        .all("allow"))
                .containsExactly("GET");
    }

    @Test
    void aPreflightHasNoBody() {
        LocalReply reply = replies.blocked(ClientForm.PREFLIGHT, REFERENCE);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.fields().get("content-length")).isEqualTo("0");
        assertThat(reply.fields().contains("location")).isFalse();
    }
}
