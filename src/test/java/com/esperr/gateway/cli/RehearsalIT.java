package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would become of a request that a curl command describes: {@code explain --request}. */
class RehearsalIT {
    private static final String POLICIES = """
            policies = [
              { policy_id = fast, priority = 1, clauses = [ { name = burst, match { field = request_path, operator = Eq, value = /login }
                window { seconds = 3600, threshold = 3 }, mitigation = block, lifetime = 1h } ] }
              { policy_id = inside, priority = 2, clauses = [ { name = word
                match { field = "body[word]", operator = Eq, value = canary }, mitigation = block } ] }
              { policy_id = gate, priority = 3, clauses = [ { name = slow
                match { field = "cookie[id]", operator = Eq, value = canary-7 }, mitigation = challenge } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        start("");
    }

    private void start(String hocon) throws IOException {
        gateway = TestGateway.start(
                hocon,
                Map.of(
                        "policies.path",
                        Files.writeString(directory.resolve("policies.conf"), POLICIES)
                                .toString(),
                        "challenge.url",
                        "/prove",
                        "origin.url",
                        origin.url()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private Ran explain(String request, String... more) {
        List<String> line = new ArrayList<>(
                List.of("explain", "--request", request, "--admin", "127.0.0.1:" + gateway.adminPort()));
        line.addAll(List.of(more));
        return Ran.command(line.toArray(String[]::new));
    }

    private JsonNode told(String request, String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--json");
        Ran ran = explain(request, options.toArray(String[]::new));
        assertThat(ran.code()).as(ran.err().toString()).isZero();
        return new ObjectMapper().readTree(String.join("", ran.out()));
    }

    private int login() {
        return RawClient.exchange(gateway.port(), "GET /login HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                .status();
    }

    @Test
    void itIsDecidedOnWithoutBeingCountedSentOrRemembered() throws IOException {
        String login = "curl 'http://shop.test/login' -H 'Accept: text/html'";
        for (int i = 0; i < 5; i++) {
            assertThat(told(login, "--client", "127.0.0.1").path("would_be").asText())
                    .isEqualTo("forwarded");
        }
        JsonNode third = told(login, "--client", "127.0.0.1", "--hits", "3");
        assertThat(third.path("would_be").asText()).isEqualTo("blocked");
        assertThat(third.at("/decision/policy").asText()).isEqualTo("fast");
        assertThat(third.at("/policies/asked/0/clauses/0/condition").asBoolean())
                .isTrue();
        assertThat(third.at("/client/address").asText()).isEqualTo("127.0.0.1");

        assertThat(origin.requests()).isEmpty();
        assertThat(gateway.metrics().sum("esper_mitigations")).isZero();
        assertThat(gateway.metrics().sum("esper_policy_matches_total")).isZero();
        assertThat(List.of(login(), login(), login())).containsExactly(200, 200, 403);
        assertThat(told("curl -A '' http://shop.test/", "--client", "127.0.0.1")
                        .path("would_be")
                        .asText())
                .as("what is active is seen")
                .isEqualTo("blocked");
    }

    @Test
    void bodyCookiesAndPassCountAndSecretsAreNotShown() throws IOException {
        assertThat(told("curl http://shop.test/ --data-raw 'word=canary'")
                        .at("/decision/policy")
                        .asText())
                .isEqualTo("inside");
        Ran challenged = explain("curl http://shop.test/ -b id=canary-7");
        assertThat(String.join("\n", challenged.out()))
                .contains("would_be: challenged", "policy: gate")
                .doesNotContain("canary-7");
        assertThat(told("curl http://shop.test/ -b id=canary-7", "--pass", "1")
                        .path("would_be")
                        .asText())
                .isEqualTo("forwarded");
    }

    @Test
    void theRouteAsksForAPassAsItDoesOfRealVisitors() throws IOException {
        gateway.close();
        start("""
                esper.api-key = "test-key"
                routes = [ { path = "/vip", tier = normal, require-level = 2 }, { path = "/health", tier = exempt } ]
                """);
        String vip = "curl http://shop.test/vip -H 'Accept: text/html'";
        JsonNode without = told(vip);
        assertThat(without.path("would_be").asText()).isEqualTo("challenged");
        assertThat(without.at("/decision/source").asText()).isEqualTo("route");
        assertThat(without.at("/decision/reason").asText()).contains("level 2");
        assertThat(RawClient.exchange(
                                gateway.port(), "GET /vip HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\n\r\n")
                        .status())
                .as("as happens")
                .isEqualTo(302);
        assertThat(told(vip, "--pass", "1").path("would_be").asText()).isEqualTo("challenged");
        assertThat(told(vip, "--pass", "2").path("would_be").asText()).isEqualTo("forwarded");
        assertThat(told("curl http://shop.test/health").path("would_be").asText())
                .isEqualTo("forwarded");
        JsonNode preflight = told("curl -X OPTIONS http://shop.test/vip -H 'Origin: https://a.test'"
                + " -H 'Access-Control-Request-Method: PUT'");
        assertThat(preflight.path("would_be").asText()).as("spared").isEqualTo("forwarded");
        assertThat(preflight.at("/decision/enforced").asBoolean()).isFalse();
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aPortThatIsNoOperatorPortIsToldFromOne() {
        origin.on(
                "/explain/A1",
                exchange ->
                        exchange.send("HTTP/1.1 404 No\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"));
        String elsewhere = origin.url().substring("http://".length());
        Ran ran = Ran.command("explain", "A1", "--admin", elsewhere);
        assertThat(ran.err())
                .containsExactly(elsewhere
                        + ": answered 404 with a page (expected: the operator port of a gateway, admin.address)");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(explain("ZZZZZZZZ").err()).noneMatch(line -> line.contains("PT"));
    }

    @Test
    void whatIsNoRequestIsSaidAndIsNoFailureOfTheGateway() {
        for (String text :
                List.of("wget x", "curl http://a.test/ | sh", "curl 'http://a.test/%zz'", "curl http://a.test/..;/")) {
            Ran ran = explain(text);
            assertThat(ran.code()).as(text).isIn(0, 1);
            if (ran.code() == 1) {
                assertThat(String.join("", ran.err())).contains("expected: ");
            }
        }
        assertThat(explain("curl http://a.test/", "--client", "nowhere").code()).isEqualTo(1);
        assertThat(Ran.command("explain").code()).isEqualTo(2);
        assertThat(login()).isEqualTo(200);
    }
}
