package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bouncers of CrowdSec ask, and are answered. */
class BouncerIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private TestService service;

    @BeforeEach
    void start() {
        service = TestService.start(directory, BouncerPolicies.HOCON, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aBlockIsABanAndAChallengeACaptcha() throws JsonProcessingException {
        BouncerPolicies.visit(service, "shop", "198.51.100.7", "/block");
        BouncerPolicies.visit(service, "shop", "2001:db8:1:2:3::7", "/ask");
        BouncerPolicies.visit(service, "shop", "198.51.100.8", "/both");
        BouncerPolicies.visit(service, "bank", "198.51.100.9", "/block");
        JsonNode told = stream("startup=true");
        assertThat(told.path("deleted")).isEmpty();
        assertThat(told.path("new")).hasSize(2);
        JsonNode ban = decision(told.path("new"), "198.51.100.7");
        assertThat(new TreeSet<>(names(ban)))
                .containsExactly("duration", "id", "origin", "scenario", "scope", "type", "uuid", "value");
        assertThat(ban.path("type").asText()).isEqualTo("ban");
        assertThat(ban.path("scope").asText()).isEqualTo("Ip");
        assertThat(ban.path("origin").asText()).isEqualTo("esper");
        assertThat(ban.path("scenario").asText()).isEqualTo("esper/traps/block");
        assertThat(ban.path("id").isIntegralNumber()).isTrue();
        assertThat(ban.path("duration").asText()).matches("(4h0m|3h59m)[0-9.]+s");
        JsonNode captcha = decision(told.path("new"), "2001:db8:1:2::/64");
        assertThat(captcha.path("type").asText()).isEqualTo("captcha");
        assertThat(captcha.path("scope").asText()).isEqualTo("Range");
    }

    @Test
    void afterTheStartOnlyChangesAreTold() throws JsonProcessingException {
        BouncerPolicies.visit(service, "shop", "198.51.100.7", "/block");
        assertThat(stream("startup=true").path("new")).hasSize(1);
        assertThat(stream("startup=false").path("new")).isEmpty();
        BouncerPolicies.visit(service, "shop", "198.51.100.8", "/block");
        JsonNode more = stream("startup=false");
        assertThat(more.path("new")).hasSize(1);
        assertThat(more.at("/new/0/value").asText()).isEqualTo("198.51.100.8");
        assertThat(stream("startup=true").path("new")).hasSize(2);
    }

    @Test
    void aLookUpFindsTheAddressAndItsNetwork() throws JsonProcessingException {
        BouncerPolicies.visit(service, "shop", "198.51.100.7", "/block");
        BouncerPolicies.visit(service, "shop", "2001:db8:1:2:3::7", "/ask");
        assertThat(get("/v1/decisions?ip=198.51.100.7").body()).contains("\"type\":\"ban\"");
        assertThat(get("/v1/decisions?ip=2001:db8:1:2:ffff::1").body()).contains("\"type\":\"captcha\"");
        assertThat(get("/v1/decisions?ip=198.51.100.8").body()).isEqualTo("null");
        assertThat(get("/v1/decisions?range=198.51.100.0/24&contains=false").body())
                .contains("198.51.100.7");
        assertThat(get("/v1/decisions?type=captcha&scope=range").body()).doesNotContain("198.51.100.7");
        assertThat(get("/v1/decisions?ip=nowhere").statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(get("/v1/decisions").body())).hasSize(2);
    }

    @Test
    void filtersAreHeeded() throws JsonProcessingException {
        BouncerPolicies.visit(service, "shop", "198.51.100.7", "/block");
        BouncerPolicies.visit(service, "shop", "2001:db8:1:2:3::7", "/ask");
        assertThat(stream("startup=true&scopes=ip").path("new")).hasSize(1);
        assertThat(stream("startup=true&scopes=ip,range").path("new")).hasSize(2);
        assertThat(stream("startup=true&origins=CAPI").path("new")).isEmpty();
        assertThat(stream("startup=true&scenarios_containing=ask").path("new")).hasSize(1);
        assertThat(stream("startup=true&scenarios_not_containing=ask,block").path("new"))
                .isEmpty();
    }

    @Test
    void aKeyIsNeededAndNotTakenFromAnotherPlace() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.url() + "/v1/decisions"))
                .timeout(Duration.ofSeconds(30));
        HttpResponse<String> refused = service.send(request.build());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo("{\"message\":\"access forbidden\"}");
        assertThat(service.send(request.header("x-esper-api-key", service.key("shop"))
                                .build())
                        .statusCode())
                .isEqualTo(403);
        HttpRequest bearer = HttpRequest.newBuilder(URI.create(service.url() + "/v1/decisions"))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + service.key("shop"))
                .build();
        assertThat(service.send(bearer).statusCode()).isEqualTo(403);
        assertThat(ask("HEAD", "/v1/decisions", service.key("stranger")).statusCode())
                .isEqualTo(403);
        assertThat(ask("HEAD", "/v1/decisions", service.key("shop")).statusCode())
                .isEqualTo(200);
        assertThat(ask("HEAD", "/v1/decisions/stream", service.key("shop")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void usageMetricsAreTaken() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + "/v1/usage-metrics"))
                .timeout(Duration.ofSeconds(30))
                .header("x-api-key", service.key("shop"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"remediation_components\":[]}"))
                .build();
        assertThat(service.send(request).statusCode()).isEqualTo(201);
    }

    private static JsonNode decision(JsonNode list, String value) {
        for (JsonNode one : list) {
            if (one.path("value").asText().equals(value)) {
                return one;
            }
        }
        throw new AssertionError(value + " is not in " + list);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private JsonNode stream(String query) throws JsonProcessingException {
        HttpResponse<String> answer = get("/v1/decisions/stream?" + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) {
        return ask("GET", path, service.key("shop"));
    }

    private HttpResponse<String> ask(String method, String path, String key) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("x-api-key", key)
                .build());
    }
}
