package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mitigations by hand: the commands, and the operator port behind them. */
class MitigateIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORDER = "{\"entity\":\"ip-user-agent\",\"fields\":{\"client_ip\":\"127.0.0.1\","
            + "\"user_agent\":\"a\"},\"decision\":\"block\",\"lifetime_seconds\":60}";

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private Path audit;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        audit = directory.resolve("audit.log");
        gateway = TestGateway.start(
                Map.of("origin.url", origin.url(), "log.audit", audit.toString(), "challenge.hosted.enabled", "false"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    private Ran mitigate(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "mitigate";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--admin";
        all[all.length - 1] = "127.0.0.1:" + gateway.adminPort();
        return Ran.command(all);
    }

    private int get(String agent) {
        String head = "GET /any HTTP/1.1\r\nHost: shop.test\r\n";
        return RawClient.exchange(
                        gateway.port(), head + (agent.isEmpty() ? "" : "User-Agent: " + agent + "\r\n") + "\r\n")
                .status();
    }

    private RawResponse admin(String method, String target, String headers, String body) {
        return RawClient.exchange(
                gateway.adminPort(),
                method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void aVisitorIsBlockedListedAndLetInAgain() throws IOException {
        assertThat(get("curl/8")).isEqualTo(200);
        Ran added = mitigate(
                "add",
                "--field",
                "client_ip=127.0.0.1",
                "--field",
                "user_agent=curl/8",
                "--lifetime",
                "10m",
                "--reason",
                "price scraping");
        assertThat(added.err()).isEmpty();
        assertThat(added.code()).isZero();
        assertThat(get("curl/8")).isEqualTo(403);
        assertThat(get("curl/9")).isEqualTo(200);

        Ran listed = mitigate("list", "--search", "SCRAPING");
        assertThat(listed.out()).isEqualTo(added.out()).hasSize(1);
        JsonNode line = JSON.readTree(listed.out().get(0));
        assertThat(line.path("decision").asText()).isEqualTo("block");
        assertThat(line.path("by").asText()).isEqualTo("manual");
        assertThat(line.at("/values/user_agent").asText()).isEqualTo("curl/8");
        assertThat(line.path("expires_at").asLong() - line.path("created_at").asLong())
                .isEqualTo(600_000);
        assertThat(mitigate("list", "--search", "nobody").out()).isEmpty();
        assertThat(mitigate("list", "--limit", "0").out()).isEmpty();

        String key = line.path("key").asText();
        assertThat(mitigate("remove", key).code()).isZero();
        assertThat(get("curl/8")).isEqualTo(200);
        Ran again = mitigate("remove", key);
        assertThat(again.code()).isEqualTo(Running.FAILED);
        assertThat(again.err()).containsExactly("key: nothing is active for it (expected: one that the list shows)");

        List<JsonNode> audited = Files.readAllLines(audit).stream()
                .map(text -> assertThatJson(text))
                .filter(node -> node.path("event").asText().startsWith("mitigation"))
                .toList();
        assertThat(audited)
                .extracting(node -> node.path("event").asText())
                .containsExactly("mitigation-added", "mitigation-removed");
        assertThat(audited).allSatisfy(node -> {
            assertThat(node.path("key").asText()).isEqualTo(key);
            assertThat(node.path("by").asText()).isNotEmpty();
        });
    }

    private static JsonNode assertThatJson(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void aFieldThatIsNotGivenIsOneThatTheVisitorDoesNotSend() {
        assertThat(mitigate("add", "--entity", "ip-user-agent", "--field", "client_ip=127.0.0.1", "--lifetime", "1m")
                        .code())
                .isZero();
        assertThat(get("")).isEqualTo(403);
        assertThat(get("x")).isEqualTo(200);
    }

    @Test
    void anAddressAloneIsWhoeverComesFromThere() {
        assertThat(mitigate("add", "--field", "client_ip=127.0.0.1", "--lifetime", "1m")
                        .code())
                .isZero();
        assertThat(get("")).isEqualTo(403);
        assertThat(get("x")).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--entity nobody --field client_ip=127.0.0.1 --lifetime 1m | 1 | entity: nobody (expected: one of ip-user-agent",
                "--field client_ip=me --lifetime 1m | 1 | client_ip: me (expected: an IP address)",
                "--field user_agent=a --lifetime 1m | 1 | client_ip: missing (expected: an IP address)",
                "--field host=a --field client_ip=127.0.0.1 --lifetime 1m | 1 | field: host (expected: client_ip, user_agent)",
                "--field client_ip=127.0.0.1 --lifetime 400d | 1 | lifetime_seconds: missing or wrong (expected: 1..31622400)",
                "--field client_ip=127.0.0.1 --lifetime soon | 2 | --lifetime: soon (expected: a number and s, m, h or d)",
                "--field client_ip=127.0.0.1 --lifetime 1m --decision allow | 1 | decision: missing or wrong (expected: block or",
                "--field client_ip=127.0.0.1 --lifetime 1m --decision challenge | 1 | because challenge.url is not set",
                "--field client_ip=127.0.0.1 | 2 | Missing required option: '--lifetime=TIME'",
            })
    void whatCannotBeDoneIsSaid(String arguments, int code, String message) {
        Ran ran = mitigate(("add " + arguments).split(" "));
        assertThat(ran.code()).isEqualTo(code);
        assertThat(ran.err()).anySatisfy(line -> assertThat(line).contains(message));
        assertThat(mitigate("list").out()).isEmpty();
    }

    @Test
    void aGatewayThatIsNotThereIsSaid() {
        gateway.close();
        Ran ran = mitigate("list");
        assertThat(ran.code()).isEqualTo(Running.FAILED);
        assertThat(ran.err()).singleElement().asString().contains("(expected: a running gateway)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "X-Esper-Operator: \r\n",
                "X-Esper-Operator: a b\r\n",
                "X-Esper-Operator: a\r\nX-Esper-Operator: b\r\n",
                "X-Esper-Operator: a\r\nOrigin: http://localhost:9901\r\n",
                "Content-Type: text/plain\r\n",
            })
    void aWebPageChangesNothing(String headers) {
        assertThat(admin("POST", "/mitigations", headers, ORDER).status()).isEqualTo(403);
        assertThat(admin("DELETE", "/mitigations?key=" + "0".repeat(32), headers, "")
                        .status())
                .isEqualTo(403);
        assertThat(admin("GET", "/mitigations", "", "").bodyText()).isEmpty();
    }

    @Test
    void otherNamesAndMethodsAreRefusedAsBefore() {
        String operator = "X-Esper-Operator: me\r\n";
        assertThat(RawClient.exchange(
                                gateway.adminPort(),
                                "POST /mitigations HTTP/1.1\r\nHost: evil.test\r\n" + operator
                                        + "Content-Length: 0\r\n\r\n")
                        .status())
                .isEqualTo(421);
        assertThat(admin("PUT", "/mitigations", operator, "").status()).isEqualTo(405);
        assertThat(admin("OPTIONS", "/mitigations", "", "").status()).isEqualTo(405);
        assertThat(admin("POST", "/metrics", operator, "").status()).isEqualTo(405);
        assertThat(admin("POST", "/mitigations", operator, ORDER).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"entity\":[]}", "{\"fields\":{\"a\":1}}", "{\"no\":\"no\"}"})
    void whatIsNoOrderIsRefused(String body) {
        assertThat(admin("POST", "/mitigations", "X-Esper-Operator: me\r\n", body)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whoseVisitorIsSaidInTheRightWord() {
        Ran ran = mitigate("list", "--tenant", "nobody");
        assertThat(ran.code()).isEqualTo(Running.FAILED);
        assertThat(ran.err()).containsExactly("tenant: nobody (expected: set instead, one of default)");
        ran = mitigate("list", "--policy-set", "nobody");
        assertThat(ran.code()).isEqualTo(Running.FAILED);
        assertThat(ran.err()).containsExactly("set: nobody (expected: one of default)");
        assertThat(mitigate("list", "--policy-set", "default").code()).isZero();
        assertThat(admin("GET", "/policies?tenant=nobody", "", "").status()).isEqualTo(422);
    }

    @Test
    void policiesAreShownWithWhatCameOfThem() throws IOException {
        JsonNode shown = JSON.readTree(admin("GET", "/policies", "", "").bodyText());
        assertThat(shown.path("hash").asText()).matches("[0-9a-f]{12}");
        assertThat(shown.path("enforced").asBoolean()).isTrue();
        assertThat(shown.path("policies").isArray()).isTrue();
    }
}
