package com.esperr.gateway.testkit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The request side of Esper's HTTP contract as a strict reading of its documentation: every departure is a line of text. Immutable.
 */
final class EsperContract {

    static final String MITIGATION = "/api/v1/runtime/mitigation";
    static final String BEACON = "/api/v1/beacon/event";
    static final String BATCH = "/api/v1/beacon/events";
    static final String VERIFY = "/api/v1/challenge/proof/verify";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String MILLIS = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";
    private static final String SECONDS = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z";
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
    private static final Set<String> MITIGATION_KEYS =
            Set.of("source", "observed_at", "idempotency_key", "return_url", "request", "fields", "tenant_id");
    private static final Set<String> BEACON_KEYS =
            Set.of("tenant_id", "source", "observed_at", "idempotency_key", "request", "fields");
    private static final Set<String> REQUEST_KEYS =
            Set.of("method", "path", "headers", "query_params", "cookies", "route_params", "client_ip", "user_agent");
    private static final Set<String> SECRET_HEADERS =
            Set.of("authorization", "proxy-authorization", "x-esper-api-key", "cookie");

    private EsperContract() {}

    /** The body as JSON, or a missing node with the reason in {@code violations}. */
    static JsonNode parse(ReceivedRequest request, List<String> violations) {
        try {
            return JSON.readTree(new String(request.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            violations.add("body: " + e.getOriginalMessage() + " (expected: one JSON object)");
            return MissingNode.getInstance();
        }
    }

    /** Everything about this call that the contract does not allow. */
    static List<String> violations(ReceivedRequest request, JsonNode body, String apiKey) {
        List<String> found = new ArrayList<>(request.problems());
        expect(found, "method", request.method(), "POST");
        String type = request.header("content-type").toLowerCase(Locale.ROOT).replace(" ", "");
        if (!type.equals("application/json") && !type.equals("application/json;charset=utf-8")) {
            found.add("content-type: " + type + " (expected: application/json)");
        }
        if (request.bodyText().contains(apiKey)) {
            found.add("body: contains the API key");
        }
        switch (request.path()) {
            case MITIGATION -> mitigation(body, found);
            case BEACON -> beacon(body, found);
            case BATCH -> batch(body, found);
            case VERIFY -> verify(body, found);
            default -> found.add("path: " + request.target() + " (expected: an endpoint of the contract)");
        }
        return found;
    }

    private static void mitigation(JsonNode body, List<String> found) {
        knownKeys(body, "", MITIGATION_KEYS, found);
        text(body, "/source", ".+", found);
        text(body, "/observed_at", MILLIS, found);
        text(body, "/idempotency_key", ".+", found);
        returnUrl(body.at("/return_url").asText(""), found);
        fields(body, found);
        request(body, found);
        for (String map : List.of("headers", "query_params", "cookies", "route_params")) {
            textMap(body.at("/request/" + map), "/request/" + map, found);
        }
        for (Map.Entry<String, JsonNode> header : body.at("/request/headers").properties()) {
            String name = header.getKey();
            if (!name.equals(name.toLowerCase(Locale.ROOT))) {
                found.add("/request/headers: " + name + " (expected: lower case)");
            }
            if (SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                found.add("/request/headers: " + name + " (expected: never sent)");
            }
        }
    }

    private static void beacon(JsonNode body, List<String> found) {
        knownKeys(body, "", BEACON_KEYS, found);
        text(body, "/tenant_id", ".+", found);
        text(body, "/source", ".+", found);
        text(body, "/observed_at", SECONDS, found);
        fields(body, found);
        if (body.has("request")) {
            request(body, found);
        }
    }

    private static void batch(JsonNode body, List<String> found) {
        knownKeys(body, "", Set.of("events"), found);
        if (!body.path("events").isArray() || body.path("events").size() < 2) {
            found.add("/events: " + body.path("events").getNodeType() + " (expected: an array of several events)");
        }
        body.path("events").forEach(event -> beacon(event, found));
    }

    private static void verify(JsonNode body, List<String> found) {
        text(body, "/proof_token", ".+", found);
    }

    private static void request(JsonNode body, List<String> found) {
        JsonNode request = body.path("request");
        knownKeys(request, "/request", REQUEST_KEYS, found);
        text(body, "/request/method", "[!#$%&'*+.^_`|~0-9A-Za-z-]+", found);
        text(body, "/request/path", "/[^?]*|\\*", found);
        if (request.has("client_ip")) {
            text(body, "/request/client_ip", ADDRESS, found);
        }
        if (request.has("user_agent")) {
            text(body, "/request/user_agent", "(?s).*", found);
        }
    }

    private static void fields(JsonNode body, List<String> found) {
        JsonNode fields = body.path("fields");
        if (!fields.isObject() || fields.isEmpty()) {
            found.add("/fields: " + fields + " (expected: an object that is not empty)");
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!field.getValue().isValueNode() || field.getValue().isNull()) {
                found.add("/fields/" + field.getKey() + ": " + field.getValue() + " (expected: a scalar)");
            }
        }
    }

    private static void returnUrl(String url, List<String> found) {
        try {
            URI uri = URI.create(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!web || uri.getHost() == null) {
                found.add("/return_url: " + url + " (expected: an absolute URL)");
            }
        } catch (IllegalArgumentException e) {
            found.add("/return_url: " + url + " (expected: a URL)");
        }
        if (url.contains("esper_challenge_proof=")) {
            found.add("/return_url: " + url + " (expected: without the proof)");
        }
    }

    private static void textMap(JsonNode map, String where, List<String> found) {
        if (!map.isObject()) {
            found.add(where + ": " + map + " (expected: an object of texts)");
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isTextual()) {
                found.add(where + "/" + entry.getKey() + ": " + entry.getValue() + " (expected: a text)");
            }
        }
    }

    private static void text(JsonNode node, String pointer, String regex, List<String> found) {
        JsonNode value = node.at(pointer);
        if (!value.isTextual() || !value.asText().matches(regex)) {
            found.add(pointer + ": " + value + " (expected: a text like " + regex + ")");
        }
    }

    private static void knownKeys(JsonNode node, String where, Set<String> known, List<String> found) {
        if (!node.isObject()) {
            found.add((where.isEmpty() ? "body" : where) + ": " + node.getNodeType() + " (expected: an object)");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                found.add(where + "/" + entry.getKey() + " (expected: one of " + known + ")");
            }
        }
    }

    private static void expect(List<String> found, String what, String actual, String expected) {
        if (!actual.equals(expected)) {
            found.add(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
