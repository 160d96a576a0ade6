package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TestEsperTest {

    private static final String MITIGATION = """
            {"source":"gw","observed_at":"2026-05-04T08:15:30.120Z","idempotency_key":"k1",
             "return_url":"https://shop.test/basket?step=2",
             "request":{"method":"GET","path":"/basket","headers":{"user-agent":"curl"},"query_params":{"step":"2"},
               "cookies":{},"route_params":{},"client_ip":"198.51.100.23","user_agent":"curl"},
             "fields":{"probe":"1"}}""";

    private final TestEsper esper = TestEsper.start();

    @AfterEach
    void stop() {
        esper.close();
    }

    @Test
    void allowsByDefaultAndRecordsTheCall() {
        RawResponse response = decide(MITIGATION);
        assertThat(response.bodyText()).isEqualTo("{\"action\":\"allow\"}");
        assertThat(esper.violations()).isEmpty();
        assertThat(esper.decisionCalls()).singleElement().satisfies(call -> {
            assertThat(call.text("/request/client_ip")).isEqualTo("198.51.100.23");
            assertThat(call.request().method()).isEqualTo("POST");
        });
    }

    @Test
    void answersAsScripted() {
        esper.answer(json -> json.at("/request/path").asText().equals("/basket")
                ? EsperReply.challenge("https://c.test/\"x")
                : EsperReply.block("why"));
        assertThat(decide(MITIGATION).bodyText())
                .isEqualTo("{\"action\":\"challenge\",\"challenge\":{\"redirect_url\":\"https://c.test/\\\"x\"}}");
        assertThat(decide(MITIGATION.replace("/basket\"", "/other\"")).bodyText())
                .isEqualTo("{\"action\":\"block\",\"reason\":\"why\"}");
    }

    @Test
    void servesBeaconsAndProofs() {
        assertThat(call(EsperContract.BEACON, """
                                {"tenant_id":"t","source":"s","observed_at":"2026-05-04T08:15:30Z","fields":{"a":"b"}}""").bodyText()).contains("lookup_entity_id");
        assertThat(call(EsperContract.VERIFY, "{\"proof_token\":\"p\"}").bodyText())
                .isEqualTo("{\"valid\":true}");
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void answers401ToAWrongKey() {
        RawResponse response = RawClient.exchange(
                esper.port(), request(EsperContract.MITIGATION, MITIGATION).replace(TestEsper.API_KEY, "wrong"));
        assertThat(response.status()).isEqualTo(401);
        assertThat(esper.unauthorized()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"probe\":\"1\"} | {} | /fields",
                ".120Z | Z | /observed_at",
                "\"k1\" | 7 | /idempotency_key",
                "https://shop.test | '' | /return_url",
                "step=2 | esper_challenge_proof=x | /return_url",
                "user-agent | User-Agent | lower case",
                "user-agent | authorization | never sent",
                "\"step\":\"2\" | \"step\":2 | /request/query_params",
                "/basket\", | /basket?a\", | /request/path",
                "198.51.100.23 | somewhere | /request/client_ip",
                "\"source\":\"gw\" | \"sauce\":\"gw\" | /sauce",
                "\"source\":\"gw\" | \"source\":\"gw\",\"source\":\"gw\" | Duplicate",
                "\"source\":\"gw\" | \"source\":\"test-key-7f3a1c\" | API key",
                "\"fields\" | fields | body",
            })
    void answers400ToADepartureFromTheContract(String from, String to, String violation) {
        assertThat(decide(MITIGATION.replace(from, to)).status()).isEqualTo(400);
        assertThat(esper.violations()).anyMatch(text -> text.contains(violation));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void noFaultBreaksTheContractCheckAndHealEndsIt(Fault fault) {
        esper.inject(fault, 5);
        if (fault == Fault.REFUSED) {
            assertThatThrownBy(() -> RawClient.connect(esper.port())).isInstanceOf(UncheckedIOException.class);
        } else {
            try (RawClient client = client()) {
                client.readBytes(
                        fault == Fault.SILENT
                                        || fault == Fault.SLOW
                                        || fault == Fault.CLOSE_BEFORE_REPLY
                                        || fault == Fault.RESET_AT
                                ? 0
                                : 5);
            }
        }
        esper.heal();
        assertThat(decide(MITIGATION).status()).isEqualTo(200);
        assertThat(esper.violations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "STATUS_.*")
    void statusFaultsAnswerWithTheirStatus(Fault fault) {
        esper.inject(fault);
        RawResponse response = decide(MITIGATION);
        assertThat(fault.name()).startsWith("STATUS_" + response.status());
        assertThat(response.headers().has("Retry-After")).isEqualTo(fault.name().endsWith("RETRY_AFTER"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"SILENT", "SLOW", "STALL_AT", "CHUNKED_WITHOUT_END"})
    void slowFaultsKeepTheConnectionOpen(Fault fault) {
        esper.inject(fault, 40);
        try (RawClient client = client().readTimeout(Duration.ofMillis(100))) {
            assertThatThrownBy(client::readResponse).hasMessageContaining("nothing more within");
        }
        assertThat(fault.isSlow()).isTrue();
    }

    @Test
    void slowRepliesComeWhenReleased() {
        esper.inject(Fault.SLOW);
        try (RawClient client = client()) {
            esper.release();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void cutsAReplyAtEveryByte() {
        for (int at = 0; at < TestEsper.replyLength(); at += 7) {
            esper.inject(Fault.RESET_AT, at);
            try (RawClient client = client()) {
                assertThat(client.readUntilClose().length()).isLessThanOrEqualTo(at);
            }
        }
    }

    @Test
    void halfABodyIsHalfABody() {
        esper.inject(Fault.HALF_BODY);
        try (RawClient client = client()) {
            assertThat(client.readUntilClose()).endsWith("\r\n\r\n{\"action\"");
        }
    }

    @Test
    void anInterimStormDoesNotEnd() {
        esper.inject(Fault.INTERIM_STORM);
        try (RawClient client = client()) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 103");
            }
        }
    }

    @Test
    void countsWhoFollowsARedirect() {
        esper.inject(Fault.REDIRECT);
        RawResponse response = decide(MITIGATION);
        assertThat(response.status()).isEqualTo(302);
        RawClient.exchange(esper.port(), request(response.header("Location"), "{}"));
        assertThat(esper.redirectsFollowed()).isEqualTo(1);
    }

    @Test
    void failsOnlyAsManyCallsAsAsked() {
        esper.inject(Fault.STATUS_503, 0, 1);
        assertThat(decide(MITIGATION).status()).isEqualTo(503);
        assertThat(decide(MITIGATION).status()).isEqualTo(200);
    }

    @Test
    void largeAndDeepRepliesAreWhole() {
        esper.inject(Fault.HUGE_JSON);
        assertThat(decide(MITIGATION).bodyLength()).isGreaterThan(1 << 20);
        esper.inject(Fault.DEEP_JSON);
        assertThat(decide(MITIGATION).bodyText()).contains("[".repeat(100_000)).endsWith("\"allow\"}");
    }

    private RawClient client() {
        return RawClient.connect(esper.port()).send(request(EsperContract.MITIGATION, MITIGATION));
    }

    private RawResponse decide(String body) {
        return call(EsperContract.MITIGATION, body);
    }

    private RawResponse call(String path, String body) {
        return RawClient.exchange(esper.port(), request(path, body));
    }

    private static String request(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: esper\r\nx-esper-api-key: " + TestEsper.API_KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
