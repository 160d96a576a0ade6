package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CallWriter writer = new CallWriter(Fixtures.settings(), new ManualTiming());

    @Test
    void aQuestionHasTheFormOfTheContract() throws IOException {
        MitigationRequest question = MitigationRequest.builder(Fixtures.visitor(), Fixtures.RETURN_URL)
                .source("edge-gw-eu")
                .observedAt(Instant.parse("2026-05-04T08:15:30.120999Z"))
                .idempotencyKey("0d5b6c1e")
                .build();
        assertThat(JSON.readTree(writer.mitigation(question))).isEqualTo(JSON.readTree("""
                { "source": "edge-gw-eu", "observed_at": "2026-05-04T08:15:30.120Z", "idempotency_key": "0d5b6c1e",
                  "return_url": "https://shop.test/basket?step=2",
                  "request": { "method": "GET", "path": "/basket",
                    "headers": {"user-agent": "curl/8.7.1", "x-forwarded-for": "198.51.100.23"},
                    "query_params": {"step": "2"}, "cookies": {"sid": "c0ffee"}, "route_params": {},
                    "client_ip": "198.51.100.23", "user_agent": "curl/8.7.1" },
                  "fields": {"probe": "1"} }"""));
    }

    @Test
    void anEventHasTheFormOfTheContract() throws IOException {
        BeaconEvent event = BeaconEvent.builder()
                .tenantId("t")
                .source("s")
                .observedAt(Instant.parse("2026-05-04T08:15:30Z"))
                .idempotencyKey("k")
                .field("email", "a@shop.test")
                .field("amount", 12.5)
                .field("count", 3L)
                .field("first", true)
                .build();
        assertThat(JSON.readTree(writer.event(event))).isEqualTo(JSON.readTree("""
                { "tenant_id": "t", "source": "s", "observed_at": "2026-05-04T08:15:30.000Z", "idempotency_key": "k",
                  "fields": {"email": "a@shop.test", "amount": 12.5, "count": 3, "first": true} }"""));
    }

    @Test
    void whatIsNotSaidIsFilledIn() throws IOException {
        JsonNode first = JSON.readTree(writer.event(BeaconEvent.builder().build()));
        JsonNode second = JSON.readTree(writer.event(BeaconEvent.builder().build()));
        assertThat(first.at("/tenant_id").asText()).isEqualTo("tenant-1");
        assertThat(first.at("/source").asText()).isEqualTo("esper-java");
        assertThat(first.at("/observed_at").asText()).isEqualTo("2026-05-04T08:15:30.120Z");
        assertThat(first.at("/fields/probe").asText()).isEqualTo("1");
        assertThat(first.at("/idempotency_key")).isNotEqualTo(second.at("/idempotency_key"));
    }

    @Test
    void halfACharacterOfAVisitorIsNoReasonToFail() throws IOException {
        BeaconEvent event =
                BeaconEvent.builder().field("name", "a\ud83db\u0000").build();
        assertThat(JSON.readTree(writer.event(event)).at("/fields/name").asText())
                .isEqualTo("a?b\u0000");
    }

    @Test
    void aProofIsSentUnderItsNameAndNeverEmpty() {
        assertThat(writer.proof("tok")).asString().isEqualTo("{\"proof_token\":\"tok\"}");
        assertThatThrownBy(() -> writer.proof(" ")).hasMessageStartingWith("proof_token: empty (expected: ");
        assertThatThrownBy(() -> writer.proof(null)).hasMessageStartingWith("proof_token: missing (expected: ");
    }
}
