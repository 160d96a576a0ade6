package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostedChallengeIT {
    private static final String MARK = "esper_challenge_proof=";

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

    private static String challenge(String key, String returnUrl) throws IOException {
        return challenge("shop", key, returnUrl);
    }

    private static String challenge(String tenant, String key, String returnUrl) throws IOException {
        String question = Questions.question(key, "/login", "198.51.100.1", "curl/8")
                .replace("\"https://shop.test/login?step=2\"", returnUrl);
        HttpResponse<String> response = service.post(tenant, "/api/v1/runtime/mitigation", question);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body()).path("redirect_url").asText();
    }

    private static HttpResponse<String> visit(String method, String url) {
        return service.send(HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? form(url) : ""))
                .build());
    }

    private static String form(String url) {
        HttpResponse<String> page = visit("GET", url);
        return page.statusCode() == 200 ? ChallengeForm.pressed(page.body()) : "";
    }

    private static String passed(String key) throws IOException {
        HttpResponse<String> response = visit("POST", challenge(key, "\"https://shop.test/login?a=1&b=%2F\""));
        assertThat(response.statusCode()).isEqualTo(303);
        String location = response.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith("https://shop.test/login?a=1&b=%2F&" + MARK);
        return location.substring(location.indexOf(MARK) + MARK.length());
    }

    private static JsonNode verify(String tenant, String token) throws IOException {
        HttpResponse<String> response =
                service.post(tenant, "/api/v1/challenge/proof/verify", "{\"proof_token\":\"" + token + "\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void thePageRunsItsOwnScriptFetchesNothingAndIsNeverKept() throws IOException {
        HttpResponse<String> page = visit("GET", challenge("p1", "\"https://shop.test/login\""));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("cache-control")).contains("no-store");
        assertThat(page.headers().firstValue("referrer-policy")).contains("no-referrer");
        String policy = page.headers().firstValue("content-security-policy").orElseThrow();
        assertThat(policy)
                .startsWith("default-src 'none'; style-src 'nonce-")
                .contains("form-action 'self' https://shop.test;")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .contains("<html lang=\"en\"", "<title>", "<h1", "shop.test makes sure", "<button type=\"submit\"")
                .doesNotContain("src=\"", "href=");
    }

    @Test
    void anAnswerThatIsNoneLeadsToAFreshChallengeAndAScriptIsToldSo() throws IOException {
        String url = challenge("p6", "\"https://shop.test/login\"");
        for (String form : List.of("", "method=button&ticket=x", "method=proof-of-work&answer=0")) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(form));
            HttpResponse<String> page = service.send(request.build());
            assertThat(page.statusCode()).isEqualTo(303);
            assertThat(page.headers().firstValue("location"))
                    .contains(URI.create(url).getPath());
            HttpResponse<String> told =
                    service.send(request.header("accept", "application/json").build());
            assertThat(told.statusCode()).isEqualTo(403);
            assertThat(told.body()).isEqualTo("{\"problem\":\"again\"}");
        }
        assertThat(visit("POST", url).statusCode()).isEqualTo(303);
    }

    @Test
    void theTicketOfAnotherSessionIsNone() throws IOException {
        String one = challenge("p7", "\"https://shop.test/login\"");
        String other = challenge("p8", "\"https://shop.test/login\"");
        HttpResponse<String> page = service.send(HttpRequest.newBuilder(URI.create(one))
                .POST(HttpRequest.BodyPublishers.ofString(form(other)))
                .build());
        assertThat(page.headers().firstValue("location"))
                .contains(URI.create(one).getPath());
    }

    @Test
    void whoPressesTheButtonComesBackWithAProofThatCountsOnceAndForHisTenantOnly() throws IOException {
        String token = passed("p2");
        assertThat(verify("bank", token).path("valid").asBoolean()).isFalse();
        assertThat(verify("bank", token).path("reason").asText()).isEqualTo("unknown");
        JsonNode verdict = verify("shop", token);
        assertThat(verdict.path("valid").asBoolean()).isTrue();
        assertThat(verdict.path("expires_at").asText()).endsWith("Z");
        assertThat(verify("shop", token).path("reason").asText()).isEqualTo("used");
    }

    @Test
    void aSessionEndsWithItsProof() throws IOException {
        String url = challenge("p3", "\"https://shop.test/login\"");
        assertThat(visit("POST", url).statusCode()).isEqualTo(303);
        assertThat(visit("POST", url).statusCode()).isEqualTo(404);
        assertThat(visit("GET", url).statusCode()).isEqualTo(404);
        assertThat(visit("GET", service.url() + "/challenge/0123").statusCode()).isEqualTo(404);
    }

    @Test
    void aProofIsBroughtToTheHostsOfTheTenantOnly() throws IOException {
        HttpResponse<String> home = visit("POST", challenge("bank", "h1", "\"https://BANK.test:8443/login\""));
        assertThat(home.headers().firstValue("location").orElseThrow())
                .startsWith("https://BANK.test:8443/login?" + MARK);
        for (String away : List.of("https://evil.test/login", "https://bank.test.evil.test/", "https://ank.test/")) {
            HttpResponse<String> page = visit("POST", challenge("bank", "h-" + away, '"' + away + '"'));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("location")).isEmpty();
        }
    }

    @Test
    void aVisitorWithoutAWayBackIsThanked() throws IOException {
        HttpResponse<String> page = visit("POST", challenge("p4", "null"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("location")).isEmpty();
    }

    @Test
    void theProofOfAnEarlierChallengeDoesNotComeBackWithTheNewOne() throws IOException {
        HttpResponse<String> response =
                visit("POST", challenge("p5", "\"https://shop.test/login?" + MARK + "old&a=1\""));
        assertThat(response.headers().firstValue("location").orElseThrow())
                .startsWith("https://shop.test/login?a=1&" + MARK)
                .doesNotContain("old");
    }
}
