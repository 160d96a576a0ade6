package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceIT {
    private static final String MITIGATION = "/api/v1/runtime/mitigation";
    private static final String EVENT = "/api/v1/beacon/event";
    private static final String EVENTS = "/api/v1/beacon/events";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, Map.of());
    }

    @AfterAll
    static void end() {
        service.close();
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    private static JsonNode decide(String tenant, String key, String path, String address, String agent) {
        HttpResponse<String> response = service.post(tenant, MITIGATION, Questions.question(key, path, address, agent));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode decision = json(response);
        assertThat(response.headers().firstValue("x-esper-decision-id"))
                .contains(decision.path("decision_id").asText());
        return decision;
    }

    private static JsonNode tell(String tenant, String key, String path, String address) {
        HttpResponse<String> response =
                service.post(tenant, EVENT, Questions.event(tenant, key, path, address, "curl/8"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    @Test
    void policiesDecideOnAQuestion() {
        assertThat(decide("shop", "d1", "/basket", "198.51.100.1", "curl/8.7.1")
                        .path("action")
                        .asText())
                .isEqualTo("allow");
        assertThat(decide("shop", "d2", "/basket", "198.51.100.1", "badbot/1")
                        .path("action")
                        .asText())
                .isEqualTo("block");
        JsonNode challenge = decide("shop", "d3", "/login", "198.51.100.1", "curl/8.7.1");
        assertThat(challenge.path("action").asText()).isEqualTo("challenge");
        assertThat(challenge.path("redirect_url").asText()).startsWith(service.url() + "/challenge/");
        assertThat(challenge.at("/challenge/redirect_url")).isEqualTo(challenge.path("redirect_url"));
    }

    @Test
    void eventsOfAVisitorMakeAMitigationThatHisQuestionsMeet() {
        for (int i = 0; i < 2; i++) {
            assertThat(tell("shop", "a" + i, "/signin", "198.51.100.2")
                            .path("active_mitigation")
                            .isNull())
                    .isTrue();
        }
        JsonNode third = tell("shop", "a2", "/signin", "198.51.100.2");
        assertThat(third.at("/active_mitigation/decision").asText()).isEqualTo("Block");
        JsonNode decision = decide("shop", "a3", "/basket", "198.51.100.2", "curl/8");
        assertThat(decision.path("action").asText()).isEqualTo("block");
        assertThat(decision.path("decision_id")).isEqualTo(third.at("/active_mitigation/decision_id"));
    }

    @Test
    void whatOneTenantHasSeenNoOtherMeets() {
        assertThat(tell("shop", "t1", "/trap", "198.51.100.3")
                        .path("active_mitigation")
                        .isNull())
                .isFalse();
        assertThat(decide("shop", "t2", "/basket", "198.51.100.3", "curl/8")
                        .path("action")
                        .asText())
                .isEqualTo("block");
        assertThat(decide("bank", "t2", "/basket", "198.51.100.3", "curl/8")
                        .path("action")
                        .asText())
                .isEqualTo("allow");
        assertThat(tell("bank", "t3", "/other", "198.51.100.3")
                        .path("active_mitigation")
                        .isNull())
                .isTrue();
    }

    @Test
    void aVisitorHasANameThatIsTheTenantsOwn() {
        JsonNode shop = tell("shop", "n1", "/a", "198.51.100.4");
        assertThat(tell("shop", "n2", "/b", "198.51.100.4").path("lookup_entity_id"))
                .isEqualTo(shop.path("lookup_entity_id"));
        assertThat(tell("shop", "n3", "/a", "198.51.100.5").path("lookup_entity_id"))
                .isNotEqualTo(shop.path("lookup_entity_id"));
        assertThat(tell("bank", "n1", "/a", "198.51.100.4").path("lookup_entity_id"))
                .isNotEqualTo(shop.path("lookup_entity_id"));
    }

    @Test
    void aTenantThatIsNamedHasToBeTheOneOfTheKey() {
        HttpResponse<String> response =
                service.post("shop", EVENT, Questions.event("bank", "x1", "/a", "198.51.100.6", "curl/8"));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(json(response).at("/error/field").asText()).isEqualTo("tenant_id");
    }

    @Test
    void withoutAnAcceptedKeyNobodyIsLetIn() {
        double before = service.metrics().sum("esper_server_auth_failures_total");
        String body = Questions.question("u1", "/", "198.51.100.7", "curl/8");
        assertThat(service.post("", MITIGATION, body).statusCode()).isEqualTo(401);
        for (String key : new String[] {
            "", "x", service.key("shop") + "x", service.key("shop").replaceAll(".$", "")
        }) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + MITIGATION))
                    .header("x-esper-api-key", key)
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> response = service.send(request);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(json(response).at("/error/code").asText()).isEqualTo("unauthorized");
        }
        assertThat(service.metrics().sum("esper_server_auth_failures_total")).isEqualTo(before + 5);
        assertThat(service.post("stranger", MITIGATION, body).statusCode()).isEqualTo(403);
    }

    @Test
    void theOlderShapeComesWithABearer() {
        HttpResponse<String> response = bearer(
                "{\"platform_id\":\"p\",\"ip\":\"198.51.100.8\",\"user_agent\":\"badbot\",\"path\":\"/\",\"method\":\"GET\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("action").asText()).isEqualTo("block");
        HttpResponse<String> nested = bearer(Questions.question("b1", "/", "198.51.100.8", "curl/8"));
        assertThat(nested.statusCode()).isEqualTo(400);
        assertThat(json(nested).at("/error/field").asText()).isEqualTo("ip");
    }

    private static HttpResponse<String> bearer(String body) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + MITIGATION))
                .header("authorization", "Bearer " + service.key("shop"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void aKeyCountsSoonAfterItIsMadeAndNotLongAfterItIsRevoked() throws IOException {
        NewKey made = NewKey.random("shop", null, "2026-11-21T00:00:00Z");
        service.keyFile().add(made.entry());
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + EVENT))
                .header("x-esper-api-key", made.text())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Questions.event("shop", "k" + made.entry().id(), "/", "198.51.100.9", "curl/8")))
                .build();
        await().until(() -> service.send(request).statusCode() == 200);
        assertThat(service.keyFile().revoke(made.entry().id(), "2026-11-21T00:00:01Z"))
                .isTrue();
        await().until(() -> service.send(request).statusCode() == 401);
    }

    @Test
    void aRepeatedKeyGetsTheFirstAnswer() {
        JsonNode first = tell("shop", "r1", "/a", "198.51.100.10");
        assertThat(tell("shop", "r1", "/a", "198.51.100.10")).isEqualTo(first);
        assertThat(tell("bank", "r1", "/a", "198.51.100.10").path("item_id")).isNotEqualTo(first.path("item_id"));
        JsonNode decision = decide("shop", "r1", "/login", "198.51.100.10", "curl/8");
        assertThat(decide("shop", "r1", "/login", "198.51.100.10", "curl/8")).isEqualTo(decision);
    }

    @Test
    void aRepeatedKeyWithAnotherQuestionIsRefused() {
        tell("shop", "r2", "/a", "198.51.100.11");
        HttpResponse<String> response =
                service.post("shop", EVENT, Questions.event("shop", "r2", "/b", "198.51.100.11", "curl/8"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/error/field").asText()).isEqualTo("idempotency_key");
    }

    @Test
    void repetitionsAreNotCountedTwice() {
        for (int i = 0; i < 5; i++) {
            assertThat(tell("shop", "same", "/signin", "198.51.100.12")
                            .path("active_mitigation")
                            .isNull())
                    .isTrue();
        }
    }

    @Test
    void eventsInAListAreAnsweredInOrderEachByItself() {
        String good =
                Questions.event("shop", "", "/a", "198.51.100.13", "curl/8").replace("\"idempotency_key\": \"\",", "");
        HttpResponse<String> response = service.post(
                "shop", EVENTS, "{\"events\":[" + good + ",{\"source\":7,\"x\":[{}]},[1],null," + good + "]}");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode results = json(response).path("results");
        assertThat(results).hasSize(5);
        assertThat(results.at("/0/item_id").asText()).isNotEmpty();
        assertThat(results.at("/1/error/field").asText()).isEqualTo("source");
        assertThat(results.at("/2/error/field").asText()).isEqualTo("events[2]");
        assertThat(results.at("/3/error/field").asText()).isEqualTo("events[3]");
        assertThat(results.at("/4/item_id").asText()).isNotEmpty();
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nx-esper-api-key: " + service.key("shop")
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInOrder() {
        try (RawClient client = RawClient.connect(service.port())) {
            client.send(post(EVENT, Questions.event("shop", "o1", "/a", "198.51.100.17", "curl/8"))
                    + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + post(EVENT, "{}")
                    + "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse().bodyText()).contains("item_id");
            assertThat(client.readResponse().bodyText()).isEqualTo("ok\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsFoundInTheFieldsIsWhatPoliciesReadInTheBody() {
        String body = Questions.question("f1", "/basket", "198.51.100.18", "curl/8")
                .replace("\"probe\": \"1\"", "\"email\": \"x@spam.test\"");
        assertThat(json(service.post("shop", MITIGATION, body)).path("action").asText())
                .isEqualTo("block");
    }

    @Test
    void anEventNeedNotBeAboutARequest() {
        HttpResponse<String> response = service.post(
                "shop",
                EVENT,
                "{\"source\":\"shop\",\"observed_at\":\"2026-05-04T08:15:30Z\",\"fields\":{\"order\":7}}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).path("active_mitigation").isNull()).isTrue();
    }
}
