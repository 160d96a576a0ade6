package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawHttp2Client;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the origin is told about every request that reaches it, and that a visitor cannot tell it. */
class AttestationIT {
    private static final String FIELD = "esper-attestation";
    private static final String HOST = " HTTP/1.1\r\nHost: shop.test\r\n";

    private static TestOrigin origin;
    private static TestEsper esper;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        origin = TestOrigin.start();
        esper = TestEsper.start();
        gateway = gateway(Map.of());
    }

    private static TestGateway gateway(Map<String, String> more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "mode",
                "cloud",
                "origin.url",
                origin.url(),
                "esper.api-url",
                esper.url(),
                "esper.api-key",
                TestEsper.API_KEY,
                "decision.timeout",
                "20s",
                "esper.breaker.failures",
                "1000",
                "forward.attestation.key",
                "0f".repeat(32)));
        config.putAll(more);
        return TestGateway.start("routes = [ { path = \"/assets/**\", tier = exempt } ]\n", config);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        esper.close();
        origin.close();
    }

    @BeforeEach
    void forget() {
        origin.forget();
        esper.forget();
        esper.answer(EsperReply.allow());
    }

    private static RawResponse ask(String request) {
        return RawClient.exchange(gateway.port(), request + "\r\n");
    }

    private static String told() {
        return origin.onlyRequest().headers().only(FIELD);
    }

    @Test
    void everyDecisionThatLetsARequestThroughIsTold() {
        ask("GET /page" + HOST);
        assertThat(told()).contains(";d=allow;s=cloud;l=0;").doesNotContain(";f=");
    }

    @Test
    void anExemptRouteIsToldAsOne() {
        ask("GET /assets/a.js" + HOST);
        assertThat(told()).contains(";d=allow;s=exempt;l=0;");
    }

    @Test
    void aFailOpenIsToldAsOne() {
        esper.inject(Fault.STATUS_500, 0, 1);
        ask("GET /" + HOST);
        assertThat(told()).contains(";d=allow;s=failure;").contains(";f=decision_server_error;");
    }

    @Test
    void whatIsOnlyWatchedIsToldAsDecided() {
        try (TestGateway watching = gateway(Map.of("mode", "monitor", "monitor.source", "cloud"))) {
            esper.answer(EsperReply.block("scraper"));
            RawClient.exchange(watching.port(), "GET /" + HOST + "\r\n");
            assertThat(told()).contains(";d=block;s=cloud;");
        }
    }

    @Test
    void withoutAKeyNothingIsTold() {
        try (TestGateway silent = gateway(Map.of("forward.attestation.key", ""))) {
            RawClient.exchange(silent.port(), "GET /" + HOST + "Esper-Attestation: v1;forged\r\n\r\n");
            assertThat(origin.onlyRequest().headers().has(FIELD)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Esper-Attestation",
                "ESPER-ATTESTATION",
                "esper_attestation",
                "Esper.Attestation",
                "Esper-Decision",
                "Esper-",
                "X-Esper-Api-Key",
                "X_Esper_Hybrid_Key",
                "X-Esper-Anything"
            })
    void aVisitorsOwnNeverPass(String name) {
        ask("GET /" + HOST + name + ": forged\r\nConnection: esper-attestation\r\n");
        assertOnlyOurs(origin.onlyRequest().headers());
    }

    @Test
    void norDoThoseOfHttp2() {
        try (RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.get(1, "/two?a=b", FIELD, "v1;forged", "esper_attestation", "forged", "x-esper-a", "forged");
            ReceivedRequest seen = origin.awaitRequests(1).get(0);
            assertOnlyOurs(seen.headers());
        }
    }

    private static void assertOnlyOurs(RawHeaders seen) {
        assertThat(seen.only(FIELD)).startsWith("v1;k=");
        assertThat(seen.fields())
                .extracting(field -> field.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "-"))
                .filteredOn(name -> name.startsWith("esper") || name.startsWith("x-esper"))
                .containsExactly(FIELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Esper-Attestation", "esper_attestation", "X-Esper-Api-Key", "X_Real_IP"})
    void aTrailerOfThatKindIsRefused(String name) {
        String body = "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n";
        RawResponse response = ask("POST /" + HOST + body + name + ": forged\r\n");
        assertThat(response.status()).isEqualTo(400);
        assertThat(origin.requests())
                .allMatch(request -> request.trailers().fields().isEmpty());
    }

    @Test
    void norATrailerOfHttp2() {
        try (RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.post(1, "/two").data(1, false, (byte) 'a').headers(1, true, "esper_attestation", "forged");
            client.await(frame -> frame.type() == RawHttp2Client.RST_STREAM || frame.type() == RawHttp2Client.HEADERS);
            assertThat(origin.requests())
                    .allMatch(request -> request.trailers().fields().isEmpty());
        }
    }

    @Test
    void aWebSocketHandshakeIsToldAsWell() {
        List<String> lines = List.of(
                "Connection: Upgrade, Esper-Attestation",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Esper-Attestation: forged");
        ask("GET /socket" + HOST + String.join("\r\n", lines) + "\r\n");
        assertOnlyOurs(origin.onlyRequest().headers());
    }

    @Test
    void itIsBoundToTheHostThatTheOriginIsAskedFor() {
        try (TestGateway rewriting = gateway(Map.of("origin.host", "rewrite"))) {
            RawClient.exchange(rewriting.port(), "GET /" + HOST + "\r\n");
            ReceivedRequest seen = origin.onlyRequest();
            assertThat(seen.headers().only("host")).isEqualTo(origin.authority());
            assertThat(seen.headers().only(FIELD)).startsWith("v1;k=");
        }
    }
}
