package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unmistakable values in every place that holds a secret, of the configuration and of requests, a gateway that tells everything it
 * can, and a look for them in all that it told: both streams, the operator port, files.
 */
class NoSecretsRedisIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** A visitor's secrets in the places where visitors have them. */
    private static final List<String> HEADERS = List.of(
            "Authorization: Bearer canary-bearer-token",
            "Proxy-Authorization: Basic " + base64("user:canary-proxy-password"),
            "Cookie: session=canary-session-cookie; __Host-esper_pass=canary-pass-cookie; esper_pass=canary-pass-two",
            "X-Api-Key: canary-api-key-header",
            "X-Csrf-Token: canary-csrf-header",
            "X-Esper-Api-Key: canary-esper-key-header",
            "Referer: http://shop.test/x?proof_token=canary-proof-referer&k=canary-query-referer");

    private static final String POLICIES = """
            policies = [
              { policy_id = door, priority = 1, clauses = [
                { name = token, match { and = [
                    { field = "request_header[authorization]", operator = contains, value = canary-bearer }
                    { field = "cookie[session]", operator = contains, value = canary-session }
                    { field = "query_param[code]", operator = contains, value = canary-query }
                    { field = request_path, operator = starts_with, value = /blocked } ] }, mitigation = block }
                { name = slow, match { field = request_path, operator = starts_with, value = /challenged }
                  mitigation = challenge } ] }
            ]
            """;

    @TempDir
    private Path directory;

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final TestOrigin origin = TestOrigin.start();
    private final TestEsper esper = TestEsper.start();
    private final List<String> told = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void plant() {
        redis = RedisServer.start("--requirepass", secret("redis-password"));
        secrets.put("esper.api-key", TestEsper.API_KEY);
        HEADERS.forEach(line -> Stream.of(line.split("[ ;=,&]"))
                .filter(word -> word.startsWith("canary-"))
                .forEach(word -> secrets.put(word, word)));
        for (String word : List.of(
                "canary-proxy-password",
                base64("user:canary-proxy-password"),
                "canary-query-code",
                "canary-proof-token",
                "canary-body-password",
                "canary-set-cookie",
                "canary-bad-line")) {
            secrets.put(word, word);
        }
        origin.on(
                "/broken",
                Behaviours.verbatimThenClose("HTTP/1.1 200 OK\r\nSet-Cookie: a=canary-set-cookie\r\nbad line\r\n\r\n"));
        origin.on("/cut", Behaviours.closeMidBody(1000, 10));
        origin.on("/reset", Behaviours.resetWithoutReply());
        origin.on("/login", Behaviours.respond(200, "hello", "Set-Cookie: session=canary-set-cookie"));
    }

    @AfterEach
    void stop() {
        redis.close();
        esper.close();
        origin.close();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String secret(String place) {
        return secrets.computeIfAbsent(place, name -> "canary-of-" + name);
    }

    /** 64 hexadecimal digits that nothing else has. */
    private String digits(String place) {
        return secrets.computeIfAbsent(place, name -> {
            String once = String.format("%016x", name.hashCode() * 0x9e3779b97f4a7c15L);
            return once.repeat(4);
        });
    }

    private Path configuration(String mode, String more) throws IOException {
        X509Bundle authority = Certificates.authority();
        X509Bundle bundle = Certificates.issued(authority, "shop.test");
        Path chain = Certificates.chain(bundle, directory.resolve("chain.pem"));
        Path key = Certificates.key(bundle, directory.resolve("key.pem"));
        // Any line of the key that is its own: a piece of it is a leak as well.
        Files.readAllLines(key).stream()
                .filter(line -> line.length() > 20 && !line.startsWith("-----"))
                .forEach(line -> secrets.put("listen.tls key " + line.substring(0, 8), line));
        Path policies = Files.writeString(directory.resolve("policies.conf"), POLICIES);
        return Files.writeString(
                directory.resolve("gateway.conf"),
                String.join(
                        "\n",
                        "mode = " + mode,
                        "origin.url = \"" + origin.url() + "\"",
                        "listen.address = \"127.0.0.1:0\"",
                        "listeners = [ { address = \"127.0.0.1:0\", tls.certificates = [ { certificate-file = \""
                                + chain + "\", key-file = \"" + key + "\" } ] } ]",
                        "admin.address = \"127.0.0.1:0\"",
                        "policies.path = \"" + policies + "\"",
                        "esper { api-url = \"" + esper.url() + "\", api-key = \"" + TestEsper.API_KEY
                                + "\", tenant-id = shop, retry = false, hash-key = \"" + secret("esper.hash-key")
                                + "\" }",
                        "challenge { url = \"/prove?to={return_url}\"",
                        "  pass { key = \"" + digits("pass.key") + "\", previous-key = \"" + digits("pass.previous-key")
                                + "\" }",
                        "  hosted { turnstile { site-key = public, secret = \"" + secret("turnstile") + "\" } } }",
                        "forward.attestation.key = \"" + digits("attestation") + "\"",
                        "beacon { mode = on, hash-key = \"" + secret("beacon.hash-key") + "\", spool.directory = \""
                                + directory.resolve("spool") + "\" }",
                        "record { file = \"" + directory.resolve("recorded") + "\", hash-key = \""
                                + secret("record.hash-key") + "\", fields = [ \"cookie[session]\" ] }",
                        "explain.allows = 1",
                        "log { audit = \"" + directory.resolve("audit") + "\", level = debug, ja4 = true }",
                        "state { store = redis, redis { url = \"" + redis.url() + "\", password = \""
                                + secret("redis-password") + "\" } }",
                        more));
    }

    private String operator(GatewayProcess gateway, String request) {
        RawResponse response = RawClient.exchange(
                gateway.adminPort(),
                request + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: test\r\nContent-Length: 0\r\n\r\n");
        told.add(response.bodyText());
        return response.bodyText();
    }

    /** Sends whatever it is, and does not mind what becomes of it. */
    private void send(GatewayProcess gateway, String request) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request).readHead();
        } catch (UncheckedIOException | AssertionError broken) {
            // Some of these are answered with a reset, or not at all.
        }
    }

    private String request(String line, String... more) {
        return line + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: curl/8\r\nConnection: close\r\n"
                + String.join("\r\n", HEADERS) + "\r\n"
                + Stream.of(more).map(header -> header + "\r\n").collect(Collectors.joining()) + "\r\n";
    }

    private void visit(GatewayProcess gateway) {
        for (String path : List.of("/login", "/blocked", "/challenged", "/broken", "/cut", "/reset", "/.env", "/%zz")) {
            send(gateway, request("GET " + path + "?code=canary-query-code"));
            send(gateway, request("GET " + path + "?proof_token=canary-proof-token"));
        }
        String body = "{\"password\":\"canary-body-password\"}";
        send(
                gateway,
                request("POST /login", "Content-Type: application/json", "Content-Length: " + body.length()) + body);
        send(gateway, request("POST /login", "Content-Length: 5", "Content-Length: 6") + "canary-body-password");
        send(gateway, request("POST /login", "Transfer-Encoding: chunked") + "canary-body-password\r\n");
        send(gateway, request("GET /x", "Authorization : canary-bad-line"));
        send(gateway, request("GET /x", "Cookie: a=canary-bad-line\u0000"));
        send(gateway, request("GET /x", " canary-bad-line"));
        send(gateway, "GET /x?canary-bad-line HTTP/9.9\r\n\r\n");
        send(gateway, "GET http://user:canary-proxy-password@shop.test/ HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        send(gateway, request("GET /x").replace("Host: shop.test", "Host: user:canary-proxy-password@shop.test"));
        send(gateway, request("GET /x", "X-Secret: " + "canary-bad-line".repeat(8000)));
    }

    private void askTheOperatorPort(GatewayProcess gateway) {
        String explained = operator(gateway, "GET /explain?limit=200");
        assertThat(explained).contains("\"reference\"");
        explained
                .lines()
                .map(line -> line.replaceAll(".*?\"reference\":\"([^\"]+)\".*", "$1"))
                .forEach(reference -> {
                    operator(gateway, "GET /explain/" + reference);
                    operator(gateway, "GET /explain/" + reference + "?as=text");
                });
        for (String path : List.of(
                "/config",
                "/config?keys",
                "/metrics",
                "/readyz",
                "/origins",
                "/policies",
                "/mitigations",
                "/beacon/tail?limit=100",
                "/loggers",
                "/reload")) {
            operator(gateway, "GET " + path);
        }
        assertThat(operator(gateway, "GET /config?keys")).contains("esper.api-key");
    }

    private void assertNothingIsTold() throws IOException {
        List<String> files = List.of("recorded", "audit");
        for (String name : files) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                told.add(Files.readString(file));
            }
        }
        String everything = String.join("\n", told);
        assertThat(everything).hasSizeGreaterThan(1000);
        secrets.forEach((place, value) -> {
            int at = everything.indexOf(value);
            assertThat(at < 0 ? "" : everything.substring(Math.max(0, at - 200), at))
                    .as("what stands before the secret of %s", place)
                    .isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "cloud"})
    void nothingThatIsSaidAtAnyLevelHoldsASecret(String mode) throws IOException {
        esper.answer(
                question -> question.toString().contains("/blocked") ? EsperReply.block("no") : EsperReply.allow());
        try (GatewayProcess gateway =
                GatewayProcess.start("run", "--config", configuration(mode, "").toString())) {
            assertThat(gateway.port()).isPositive();
            assertThat(operator(gateway, "POST /loggers?name=root&level=trace")).contains("trace");
            assertThat(operator(gateway, "POST /loggers?name=gateway&level=trace"))
                    .contains("trace");
            assertThat(operator(gateway, "POST /loggers?name=io.lettuce&level=trace"))
                    .contains("trace");
            await().atMost(LONG).until(() -> gateway.metrics().sum("esper_state_connected") == 1);
            visit(gateway);
            for (Fault fault : List.of(Fault.STATUS_401, Fault.STATUS_500, Fault.GARBAGE, Fault.REFUSED)) {
                esper.inject(fault);
                send(gateway, request("GET /login?fault=" + fault));
                esper.heal();
            }
            origin.stop();
            visit(gateway);
            redis.kill();
            visit(gateway);
            gateway.hangUp();
            gateway.awaitLine(line -> line.contains("configuration read again (SIGHUP)"));
            Files.writeString(
                    directory.resolve("gateway.conf"),
                    Files.readString(directory.resolve("gateway.conf")) + "\nchallenge.pass.key = \""
                            + secret("too-short-a-key") + "\"\nlisten.tls.certificates = \"" + secret("misplaced.key")
                            + "\n");
            operator(gateway, "POST /reload");
            askTheOperatorPort(gateway);
            assertThat(gateway.terminate().awaitExit()).isZero();
            told.addAll(gateway.lines());
        }
        assertThat(told)
                .as("it was set to tell everything")
                .anyMatch(line -> line.contains(" TRACE ") || line.contains(" DEBUG "));
        assertThat(told).anyMatch(line -> line.contains("\"path\":\"/login\""));
        assertNothingIsTold();
    }

    @Test
    void aConfigurationThatIsRefusedIsRefusedWithoutItsSecrets() throws IOException {
        Path file = configuration(
                "cloud",
                "challenge.pass.key = \"" + secret("too-short") + "\"\nesper.api-kye = \"" + secret("misspelt")
                        + "\"\nstate.redis.url = \"redis://user:" + secret("user-info") + "@127.0.0.1:1\"");
        for (String command : List.of("run", "check")) {
            try (GatewayProcess gateway = GatewayProcess.start(command, "--config", file.toString())) {
                assertThat(gateway.awaitExit()).isEqualTo(2);
                told.addAll(gateway.lines());
            }
        }
        assertThat(told).anyMatch(line -> line.contains("challenge.pass.key"));
        told.add(" ".repeat(1000));
        assertNothingIsTold();
    }

    @Test
    void aPasswordThatRedisRefusesIsNotTold() throws IOException {
        Path file = configuration("local", "state.redis.password = \"" + secret("wrong-password") + "\"");
        try (GatewayProcess gateway = GatewayProcess.start("run", "--config", file.toString())) {
            operator(gateway, "POST /loggers?name=root&level=trace");
            gateway.awaitLine(line -> line.contains("WRONGPASS") || line.contains("not connected"));
            visit(gateway);
            askTheOperatorPort(gateway);
            assertThat(gateway.terminate().awaitExit()).isZero();
            told.addAll(gateway.lines());
        }
        assertNothingIsTold();
    }
}
