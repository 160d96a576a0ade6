package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private static final byte[] KEY = "a secret".getBytes(StandardCharsets.UTF_8);

    private static JsonNode written(String hocon, RequestContext request) throws IOException {
        BeaconConfig config = Configured.of(hocon);
        EventWriter writer = new EventWriter(config, Configured.TENANT, new KeyedHash(KEY));
        return new ObjectMapper().readTree(writer.write(Configured.event(config, request)));
    }

    @Test
    void anEventHasTheKeysOfTheContract() throws IOException {
        RequestContext request = Requests.get("/signin?next=%2F")
                .with("User-Agent", "curl/8.7.1")
                .context();
        JsonNode event = written("", request);
        assertThat(event)
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"tenant_id\":\"" + Configured.TENANT
                                + "\",\"source\":\"edge-1\",\"observed_at\":\"2026-05-04T08:15:30.120Z\",\"idempotency_key\":\""
                                + request.idempotencyKey()
                                + "\",\"request\":{\"method\":\"GET\",\"path\":\"/signin\",\"client_ip\":\"198.51.100.23\","
                                + "\"user_agent\":\"curl/8.7.1\"},\"fields\":{\"gateway_status\":200,"
                                + "\"gateway_outcome\":\"forwarded\"}}"));
    }

    @Test
    void fieldsAreNeverEmpty() throws IOException {
        JsonNode event = written("outcome = false", Requests.get("/").context());
        assertThat(event.get("fields").toString()).isEqualTo("{\"probe\":\"1\"}");
    }

    @Test
    void configuredFieldsLeaveAsTheyAreTreated() throws IOException {
        RequestContext request = Requests.get("/?plan=enterprise&gone=1")
                .with("Cookie", "account=c-77")
                .with("X-Id", "id-9")
                .context();
        JsonNode fields = written("""
                        outcome = false
                        fields {
                          plan = "query_param[plan] | truncate:5"
                          gone = "query_param[gone] | drop"
                          account = "cookie[account]"
                          id = "request_header[x-id]"
                          missing = "cookie[nothing]"
                        }
                        """, request).get("fields");
        String hash = new KeyedHash(KEY).of("c-77");
        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(fields.toString()).isEqualTo("{\"account\":\"" + hash + "\",\"id\":\"id-9\",\"plan\":\"enter\"}");
    }

    @Test
    void whatEveryEventTellsCanBeTreatedToo() throws IOException {
        RequestContext request =
                Requests.get("/a/b/c").with("User-Agent", "curl/8.7.1").context();
        JsonNode told = written(
                        "request { path = \"truncate:3\", client-ip = \"truncate:24\", user-agent = drop }", request)
                .get("request");
        assertThat(told.toString()).isEqualTo("{\"method\":\"GET\",\"path\":\"/a/\",\"client_ip\":\"198.51.100.0\"}");
        JsonNode hashed =
                written("request { path = drop, client-ip = hash }", request).get("request");
        assertThat(hashed.get("path").asText()).isEqualTo("/");
        assertThat(hashed.get("client_ip").asText()).isEqualTo(new KeyedHash(KEY).of("198.51.100.23"));
    }

    @Test
    void anIpv6AddressKeepsTwiceAsManyBits() throws IOException {
        JsonNode told = written(
                        "request.client-ip = \"truncate:24\"",
                        Requests.get("/").from("2001:db8:1:2::3").context())
                .get("request");
        assertThat(told.get("client_ip").asText()).isEqualTo("2001:db8:1::");
    }

    @Test
    void anEventIsOneLine() {
        BeaconConfig config = Configured.of("");
        EventWriter writer = new EventWriter(config, Configured.TENANT, new KeyedHash(KEY));
        RequestContext request =
                Requests.get("/").with("User-Agent", "a\tb\u00e9").context();
        assertThat(new String(writer.write(Configured.event(config, request)), StandardCharsets.UTF_8))
                .doesNotContain("\n")
                .contains("a\\tb\u00e9");
    }
}
