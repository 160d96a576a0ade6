package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.request.Tier;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MitigationQuestionWriterTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Requests request = Requests.get("/basket?step=2")
            .with("User-Agent", "curl/8.7.1")
            .with("Accept", "*/*")
            .with("Cookie", "sid=c0ffee; theme=dark")
            .with("X-Forwarded-For", "203.0.113.7")
            .with("X-Other", "not sent");

    @Test
    void theWholeQuestionAsTheContractShowsIt() throws IOException {
        RequestContext context = request.context();
        assertThat(write("cookies = [ sid ]", context))
                .isEqualTo(JSON.readTree("""
                {"source": "edge-1", "observed_at": "2026-05-04T08:15:30.120Z", "idempotency_key": "%s",
                 "return_url": "https://shop.test/basket?step=2",
                 "request": {"method": "GET", "path": "/basket",
                   "headers": {"user-agent": "curl/8.7.1", "accept": "*/*", "x-forwarded-for": "198.51.100.23"},
                   "query_params": {"step": "2"}, "cookies": {"sid": "c0ffee"}, "route_params": {},
                   "client_ip": "198.51.100.23", "user_agent": "curl/8.7.1"},
                 "fields": {"probe": "1"}}""".formatted(context.idempotencyKey())));
    }

    @Test
    void theOlderShapeIsFlat() throws IOException {
        String profile = "profile = legacy-flat, tenant-id = t-1";
        assertThat(write(profile, request.context())).isEqualTo(JSON.readTree("""
                {"platform_id": "t-1", "ip": "198.51.100.23", "user_agent": "curl/8.7.1", "path": "/basket",
                 "method": "GET"}"""));
        assertThat(new MitigationQuestionWriter(Configs.of(profile)).headers().toString())
                .contains("Authorization: Bearer " + Configs.KEY)
                .doesNotContain("X-Esper-Api-Key");
    }

    @Test
    void theKeyStandsInItsHeader() {
        assertThat(new MitigationQuestionWriter(Configs.of("")).headers().get("x-esper-api-key"))
                .isEqualTo(Configs.KEY);
    }

    @Test
    void oneRequestKeepsItsIdempotencyKeyAndAnotherHasItsOwn() throws IOException {
        RequestContext one = request.context();
        assertThat(write("", one).get("idempotency_key"))
                .isEqualTo(write("", one).get("idempotency_key"));
        assertThat(write("", one).get("idempotency_key"))
                .isNotEqualTo(write("", Requests.get("/").context()).get("idempotency_key"));
    }

    @ParameterizedTest
    @CsvSource({"first, one, a, 1", "last, two, b, 2", "join, 'one, two', 'a, b', '1, 2'"})
    void repeatedNamesBecomeOneValue(String rule, String header, String cookie, String parameter) throws IOException {
        RequestContext context = Requests.get("/?x=1&x=2")
                .with("X-Twice", "one")
                .with("x-twice", "two")
                .with("Cookie", "c=a")
                .with("Cookie", "c=b")
                .context();
        JsonNode sent = write("repeated = " + rule + ", headers = [ x-twice ], cookies = [ \"*\" ]", context)
                .get("request");
        assertThat(sent.at("/headers/x-twice").asText()).isEqualTo(header);
        assertThat(sent.at("/cookies/c").asText()).isEqualTo(cookie);
        assertThat(sent.at("/query_params/x").asText()).isEqualTo(parameter);
    }

    @Test
    void secretsAndTheVisitorsWordAboutHimselfAreNeverSent() throws IOException {
        RequestContext context = Requests.get("/")
                .with("Authorization", "Bearer s3cret")
                .with("Proxy-Authorization", "s3cret")
                .with("X-Esper-Api-Key", "s3cret")
                .with("Cookie", "esper_challenge=s3cret; sid=1")
                .with("X-Forwarded-For", "203.0.113.7")
                .with("X-Real-IP", "203.0.113.7")
                .with("Forwarded", "for=203.0.113.7")
                .context();
        JsonNode sent = write("headers = [ \"*\" ], cookies = [ \"*\" ]", context);
        assertThat(sent.toString()).doesNotContain("s3cret").doesNotContain("203.0.113.7");
        assertThat(sent.at("/request/headers/x-forwarded-for").asText()).isEqualTo("198.51.100.23");
        assertThat(sent.at("/request/cookies/sid").asText()).isEqualTo("1");
    }

    @Test
    void namesThatBeginWithAListedPrefixAreSent() throws IOException {
        RequestContext context = Requests.get("/?utm_source=a&utm_medium=b&other=c")
                .with("Sec-Fetch-Mode", "navigate")
                .with("Section", "not sent")
                .context();
        JsonNode sent = write("query-params = [ \"utm_*\" ]", context).get("request");
        assertThat(sent.at("/headers/sec-fetch-mode").asText()).isEqualTo("navigate");
        assertThat(sent.get("headers").has("section")).isFalse();
        assertThat(sent.get("query_params").toString()).isEqualTo("{\"utm_source\":\"a\",\"utm_medium\":\"b\"}");
    }

    @Test
    void identityCanBeLeftOut() throws IOException {
        JsonNode sent = write("identity = false", request.context()).get("request");
        assertThat(sent.has("client_ip")).isFalse();
        assertThat(sent.has("user_agent")).isFalse();
    }

    @Test
    void configuredFieldsTakeThePlaceOfTheProbe() throws IOException {
        String fields = "fields { account = \"cookie[sid]\", area = \"request_path\", none = \"cookie[absent]\" }";
        assertThat(write(fields, request.context()).get("fields").toString())
                .isEqualTo("{\"account\":\"c0ffee\",\"area\":\"/basket\"}");
        assertThat(write("fields { none = \"cookie[absent]\" }", request.context())
                        .get("fields")
                        .toString())
                .isEqualTo("{\"probe\":\"1\"}");
    }

    @Test
    void routeParametersAndTheTenantAreSent() throws IOException {
        RequestContext context =
                Requests.get("/account/7").route("/account/{id}", Tier.NORMAL).context();
        JsonNode sent = write("tenant-id = t-1", context);
        assertThat(sent.at("/request/route_params/id").asText()).isEqualTo("7");
        assertThat(sent.get("tenant_id").asText()).isEqualTo("t-1");
    }

    @Test
    void aRequestWithoutHostHasNoReturnUrl() throws IOException {
        assertThat(write("", Requests.hostless("GET", "/").context()).has("return_url"))
                .isFalse();
    }

    @Test
    void noTextOfTheVisitorBreaksTheJson() throws IOException {
        RequestContext context = Requests.get("/%22?%22=%ED%A0%80&%F0%9F%98%80=%00&%FF=%0A")
                .with("User-Agent", "\"}\\ \u00ff\u0080\t")
                .with("Accept", "\"}\\\t\u007f")
                .with("Cookie", "\"=\\")
                .context();
        JsonNode sent = write("cookies = [ \"*\" ]", context).get("request");
        assertThat(sent.get("user_agent").asText()).isEqualTo("\"}\\ \u00ff\u0080\t");
        assertThat(sent.at("/headers/accept").asText()).isEqualTo("\"}\\\t\u007f");
        assertThat(sent.at("/headers/user-agent").asText()).isEqualTo("\"}\\ \u00ff\u0080\t");
        assertThat(sent.at("/query_params/\ud83d\ude00").asText()).isEqualTo("\0");
        assertThat(sent.at("/cookies/\"").asText()).isEqualTo("\\");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00.000Z",
        "7, 1970-01-01T00:00:00.007Z",
        "1777882530120, 2026-05-04T08:15:30.120Z",
        "1777882530099, 2026-05-04T08:15:30.099Z",
        "1777882531000, 2026-05-04T08:15:31.000Z",
        "-1, 1969-12-31T23:59:59.999Z",
    })
    void momentsAlwaysHaveMilliseconds(long millis, String text) {
        assertThat(new ObservedAt().format(millis)).isEqualTo(text);
    }

    private static JsonNode write(String hocon, RequestContext context) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MitigationQuestionWriter(Configs.of(hocon)).write(context, out);
        return JSON.readTree(out.toByteArray());
    }
}
