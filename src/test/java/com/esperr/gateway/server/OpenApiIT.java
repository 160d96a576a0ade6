package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.SchemaCheck;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the description of the API and what the service does against each other, both ways. */
class OpenApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MITIGATION = "/api/v1/runtime/mitigation";
    private static final String EVENT = "/api/v1/beacon/event";
    private static final String EVENTS = "/api/v1/beacon/events";
    private static final String VERIFY = "/api/v1/challenge/proof/verify";
    private static final String FEED = "/api/v1/hybrid/mitigations";
    private static final String PAGE = "/challenge/{session}";

    /** Answers that only a defect, a dead store or a full service gives; their form is the same as of the others. */
    private static final Set<String> NOT_CAUSED_HERE = Set.of("500", "503");

    @TempDir
    private static Path directory;

    private static TestService service;
    private static JsonNode document;
    private static SchemaCheck check;
    private static final Set<String> seen = new TreeSet<>();

    @BeforeAll
    static void start() throws IOException {
        service = TestService.start(directory, Map.of("server.feed.heartbeat", "200ms"));
        document = JSON.readTree(service.ask("", "GET", "/openapi.json", "").body());
        check = new SchemaCheck(document);
    }

    @AfterAll
    static void end() {
        service.close();
    }

    private static String ask(String tenant, String method, String template, String path, String body)
            throws IOException {
        HttpResponse<String> response = service.ask(tenant, method, path, body);
        return look(method, template, response);
    }

    private static String look(String method, String template, HttpResponse<String> response) throws IOException {
        String status = Integer.toString(response.statusCode());
        seen.add(method + ' ' + template + ' ' + status);
        JsonNode operation = document.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
        JsonNode described = operation.path("responses").path(status);
        assertThat(described.isMissingNode())
                .as(method + ' ' + template + " is described to answer " + status)
                .isFalse();
        String type = response.headers().firstValue("content-type").orElse("").split(";")[0];
        JsonNode schema = described.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode())
                .as(method + ' ' + template + ' ' + status + ' ' + type)
                .isFalse();
        described.path("headers").fieldNames().forEachRemaining(name -> {
            assertThat(response.headers().firstValue(name)).as(name).isPresent();
        });
        if (type.equals("application/json") && !response.body().isEmpty()) {
            assertThat(check.violations(schema, JSON.readTree(response.body())))
                    .as(response.body())
                    .isEmpty();
        }
        return response.body();
    }

    private static String post(String tenant, String path, String body) throws IOException {
        return ask(tenant, "POST", path, path, body);
    }

    private static HttpResponse<String> typed(String path, String type) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("x-esper-api-key", service.key("shop"))
                .header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    }

    @Test
    void everythingThatIsDescribedIsDoneAndNothingElse() throws IOException {
        answers();
        refusals();
        page();
        feed();
        busy();
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> !operation.getKey().equals("parameters"))
                        .forEach(operation -> operation
                                .getValue()
                                .path("responses")
                                .fieldNames()
                                .forEachRemaining(status -> {
                                    if (!NOT_CAUSED_HERE.contains(status)) {
                                        described.add(operation.getKey().toUpperCase(Locale.ROOT)
                                                + ' '
                                                + path.getKey()
                                                + ' '
                                                + status);
                                    }
                                })));
        assertThat(seen).containsExactlyElementsOf(described);
        for (String schema : new String[] {"Decision", "Taken", "Results", "Verdict", "FeedLine", "Error"}) {
            document.at("/components/schemas/" + schema + "/properties")
                    .fieldNames()
                    .forEachRemaining(member -> assertThat(check.seen()).contains(schema + '.' + member));
        }
    }

    private static void answers() throws IOException {
        post("shop", MITIGATION, Questions.question("a1", "/", "198.51.100.1", "curl/8"));
        post("shop", MITIGATION, Questions.question("a2", "/login", "198.51.100.1", "curl/8"));
        post("shop", EVENT, Questions.event("shop", "a3", "/trap", "198.51.100.1", "curl/8"));
        post("shop", MITIGATION, Questions.question("a4", "/", "198.51.100.1", "curl/8"));
        post("shop", MITIGATION, Questions.question("a6", "/signin", "198.51.100.2", "curl/8"));
        post("shop", MITIGATION, Questions.question("a7", "/signin", "198.51.100.2", "curl/8"));
        post("shop", MITIGATION, Questions.question("a8", "/signin", "198.51.100.2", "curl/8"));
        String event = Questions.event("shop", "a5", "/", "198.51.100.1", "curl/8");
        post("shop", EVENTS, "{\"events\":[" + event + ",{}]}");
        post("shop", VERIFY, "{\"proof_token\":\"x\"}");
        for (String path : new String[] {"/openapi.json", "/healthz", "/readyz"}) {
            ask("", "GET", path, path, "");
            HttpResponse<String> other = service.ask("", "DELETE", path, "");
            look("GET", path, other);
        }
    }

    private static void refusals() throws IOException {
        for (String path : new String[] {MITIGATION, EVENT, EVENTS, VERIFY}) {
            post("", path, "{}");
            post("stranger", path, "{}");
            post("shop", path, "{}");
            look("POST", path, typed(path, "text/plain"));
            look("POST", path, service.ask("shop", "GET", path, ""));
            post("shop", path, "{\"a\":\"" + "x".repeat(262_144) + "\"}");
        }
        post("shop", MITIGATION, Questions.question("a1", "/other", "198.51.100.1", "curl/8"));
        post("shop", EVENT, Questions.event("shop", "a3", "/other", "198.51.100.1", "curl/8"));
        look("GET", FEED, service.ask("", "GET", FEED, ""));
        look("GET", FEED, service.ask("stranger", "GET", FEED, ""));
        look("GET", FEED, service.ask("shop", "POST", FEED, "{}"));
        look(
                "GET",
                FEED,
                service.send(HttpRequest.newBuilder(URI.create(service.url() + FEED))
                        .header("x-esper-api-key", service.key("shop"))
                        .header("content-encoding", "gzip")
                        .build()));
    }

    private static void page() throws IOException {
        String url = challenge("c1", "\"https://shop.test/login?step=2\"");
        ask("", "POST", PAGE, url, "method=loaded");
        ask("", "POST", PAGE, url, "");
        look("POST", PAGE, scripted(url, "method=button"));
        HttpResponse<String> gone = service.ask("", "POST", url, ChallengeForm.pressed(ask("", "GET", PAGE, url, "")));
        look("POST", PAGE, gone);
        String location = gone.headers().firstValue("location").orElseThrow();
        String token = location.substring(location.indexOf("proof=") + 6);
        post("shop", VERIFY, "{\"proof_token\":\"" + token + "\"}");
        String nowhere = challenge("c2", "null");
        ask("", "POST", PAGE, nowhere, ChallengeForm.pressed(ask("", "GET", PAGE, nowhere, "")));
        String other = challenge("c3", "null");
        look("POST", PAGE, scripted(other, ChallengeForm.pressed(ask("", "GET", PAGE, other, ""))));
        ask("", "GET", PAGE, url, "");
        ask("", "POST", PAGE, url, "");
        look("GET", PAGE, service.ask("", "DELETE", url, ""));
        look(
                "POST",
                PAGE,
                service.send(HttpRequest.newBuilder(URI.create(service.url() + url))
                        .header("content-encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build()));
        ask("", "POST", PAGE, url, "x".repeat(262_145));
    }

    private static HttpResponse<String> scripted(String url, String form) {
        return service.send(HttpRequest.newBuilder(URI.create(service.url() + url))
                .header("accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    private static String challenge(String key, String returnUrl) throws IOException {
        String body = post(
                "shop",
                MITIGATION,
                Questions.question(key, "/login", "198.51.100.7", "curl/8")
                        .replace("\"https://shop.test/login?step=2\"", returnUrl));
        return URI.create(JSON.readTree(body).path("redirect_url").asText()).getPath();
    }

    private static void feed() throws IOException {
        String cursor = follow(FEED);
        follow(FEED + "?cursor=" + cursor);
    }

    /** Reads the feed up to its first sign of life; answers the cursor. */
    private static String follow(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("x-esper-api-key", service.key("shop"))
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<Stream<String>> response;
        try {
            response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
        seen.add("GET " + FEED + " 200");
        try (Stream<String> lines = response.body()) {
            for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
                JsonNode told = JSON.readTree(line.next());
                assertThat(check.violations(document.at("/components/schemas/FeedLine"), told))
                        .isEmpty();
                told.fieldNames().forEachRemaining(member -> check.seen().add("FeedLine." + member));
                if (told.path("type").asText().equals("heartbeat")) {
                    return told.path("cursor").asText();
                }
            }
        }
        throw new AssertionError("no heartbeat");
    }

    private static void busy() throws IOException {
        TestService roomy = service;
        Path elsewhere = Files.createDirectory(directory.resolve("busy"));
        try (TestService busy = TestService.start(
                elsewhere, Map.of("server.rate-limit.per-second", "1", "server.rate-limit.burst", "1"))) {
            service = busy;
            service.post("shop", EVENT, "{}");
            for (String path : new String[] {MITIGATION, EVENT, EVENTS, VERIFY}) {
                post("shop", path, "{}");
            }
            look("GET", FEED, service.ask("shop", "GET", FEED, ""));
        } finally {
            service = roomy;
        }
    }

    @Test
    void itIsOpenApi() {
        assertThat(document.path("openapi").asText()).startsWith("3.1.");
        assertThat(document.at("/info/title").asText()).isNotEmpty();
        assertThat(document.at("/info/version").asText()).isNotEmpty();
        Set<String> ids = new TreeSet<>();
        document.path("paths").properties().forEach(path -> {
            assertThat(path.getKey()).startsWith("/");
            path.getValue().properties().stream()
                    .filter(operation -> !operation.getKey().equals("parameters"))
                    .forEach(operation -> {
                        assertThat(operation.getKey()).isIn("get", "post");
                        assertThat(ids.add(
                                        operation.getValue().path("operationId").asText()))
                                .isTrue();
                        assertThat(operation.getValue().path("responses").size())
                                .isPositive();
                        operation
                                .getValue()
                                .path("responses")
                                .properties()
                                .forEach(response -> assertThat(response.getValue()
                                                .path("description")
                                                .asText())
                                        .isNotEmpty());
                    });
        });
        document.findValuesAsText("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }
}
