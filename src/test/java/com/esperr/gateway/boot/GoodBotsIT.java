package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.bots.BotSigner;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestDns;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bots before a running gateway that challenges everybody, with a name server that says what a test says. */
class GoodBotsIT {
    private static final String GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private static final String CRAWLER = "66.249.66.1";
    private static final String POLICIES = """
            policies = [
              { policy_id = closed, priority = 1, clauses = [
                { match { field = request_path, operator = Eq, value = /closed }, mitigation = block } ] }
              { policy_id = liars, priority = 2, clauses = [
                { match { all = [ { field = request_path, operator = Eq, value = /strict },
                  { field = bot_impostor, operator = Eq, value = "true" } ] }, mitigation = block } ] }
              { policy_id = everybody, priority = 3, clauses = [ { mitigation = challenge } ] } ]
            """;

    @TempDir
    private Path directory;

    private final TestOrigin origin = TestOrigin.start();
    private final TestDns dns = TestDns.start();

    @AfterEach
    void stop() {
        dns.close();
        origin.close();
        assertThat(origin.violations()).isEmpty();
    }

    private TestGateway gateway(String bots) throws IOException {
        Path policies = Files.writeString(directory.resolve("policies.conf"), POLICIES);
        Map<String, String> config = new HashMap<>(Map.of(
                "origin.url",
                origin.url(),
                "policies.path",
                policies.toString(),
                "challenge.url",
                "https://challenge.example/",
                "client.trusted-proxies",
                "loopback",
                "bots.dns.servers",
                dns.authority(),
                "bots.dns.timeout",
                "500ms"));
        return TestGateway.start("bots { " + bots + " }", config);
    }

    private static RawResponse get(TestGateway gateway, String path, String from, String userAgent, String... lines) {
        return RawClient.exchange(
                gateway.port(),
                "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: " + from + "\r\nUser-Agent: "
                        + userAgent + "\r\nAccept: text/html\r\n" + String.join("", lines) + "\r\n");
    }

    private static void awaitLookup(TestGateway gateway, String result) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(gateway.metrics().sum("esper_bot_lookups_total", "result=" + result))
                        .isPositive());
    }

    @Test
    void aCrawlerWhoseNameIsConfirmedIsNotChallengedButBlocked() throws IOException {
        dns.pointer(CRAWLER, 3600, "crawl-66-249-66-1.googlebot.com")
                .addresses("crawl-66-249-66-1.googlebot.com", 3600, CRAWLER);
        try (TestGateway gateway = gateway("")) {
            assertThat(get(gateway, "/", CRAWLER, GOOGLE).status()).isEqualTo(302);
            awaitLookup(gateway, "confirmed");
            for (int i = 0; i < 20; i++) {
                assertThat(get(gateway, "/", CRAWLER, GOOGLE).status()).isEqualTo(200);
            }
            assertThat(get(gateway, "/closed", CRAWLER, GOOGLE).status()).isEqualTo(403);
            assertThat(get(gateway, "/", CRAWLER, "Mozilla/5.0").status()).isEqualTo(302);
            assertThat(get(gateway, "/", "66.249.66.2", GOOGLE).status()).isEqualTo(302);
            assertThat(dns.questions().stream().filter(question -> question.contains("1.66.249.66")))
                    .hasSize(1);
            assertThat(gateway.metrics().sum("esper_bots_total", "method=dns")).isEqualTo(21);
        }
    }

    @Test
    void aNameThatDoesNotHaveTheAddressIsFoundOut() throws IOException {
        dns.pointer("192.0.2.66", 3600, "crawl-66-249-66-1.googlebot.com")
                .addresses("crawl-66-249-66-1.googlebot.com", 3600, CRAWLER);
        try (TestGateway gateway = gateway("")) {
            assertThat(get(gateway, "/strict", "192.0.2.66", GOOGLE).status()).isEqualTo(302);
            awaitLookup(gateway, "denied");
            assertThat(get(gateway, "/strict", "192.0.2.66", GOOGLE).status()).isEqualTo(403);
            assertThat(get(gateway, "/", "192.0.2.66", GOOGLE).status()).isEqualTo(302);
        }
    }

    @Test
    void aNameServerThatSaysNothingMakesNobodyWaitAndNobodyAnImpostor() throws IOException {
        dns.silentAbout(CRAWLER);
        try (TestGateway gateway = gateway("pending = allow-unless-blocked")) {
            assertThat(get(gateway, "/strict", CRAWLER, GOOGLE).status()).isEqualTo(200);
            awaitLookup(gateway, "failed");
            assertThat(get(gateway, "/strict", CRAWLER, GOOGLE).status()).isEqualTo(302);
        }
    }

    @Test
    void aRangeThatIsAddedToAFileCounts() throws IOException {
        Path ranges = Files.writeString(
                directory.resolve("gptbot.json"), "{\"prefixes\":[{\"ipv4Prefix\":\"198.51.100.0/24\"}]}");
        try (TestGateway gateway = gateway(
                "reload-interval = 50ms, known = [ { name = openai-gptbot, ranges = [ \"" + ranges + "\" ] } ]")) {
            assertThat(get(gateway, "/", "198.51.100.7", "GPTBot/1.2").status()).isEqualTo(200);
            assertThat(get(gateway, "/strict", "192.0.2.7", "GPTBot/1.2").status())
                    .isEqualTo(403);
            Files.writeString(
                    ranges, "{\"prefixes\":[{\"ipv4Prefix\":\"198.51.100.0/24\"},{\"ipv4Prefix\":\"192.0.2.0/24\"}]}");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(get(gateway, "/strict", "192.0.2.7", "GPTBot/1.2")
                                    .status())
                            .isEqualTo(200));
        }
    }

    @Test
    void aSignedRequestIsItsSignersAndNobodyElseIsAskedForKeys() throws IOException {
        BotSigner signer = new BotSigner();
        try (TestOrigin agent = TestOrigin.start(Behaviours.respond(200, signer.directory()));
                TestOrigin stranger = TestOrigin.start();
                TestGateway gateway =
                        gateway("known = [ { name = agent, signers = [ { agent = \"" + agent.url() + "\" } ] } ]")) {
            assertThat(agent.awaitRequests(1).get(0).target())
                    .isEqualTo("/.well-known/http-message-signatures-directory");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(signed(gateway, signer, agent.url())).isEqualTo(200));
            assertThat(signed(gateway, new BotSigner(), agent.url())).isEqualTo(302);
            assertThat(signed(gateway, signer, stranger.url())).isEqualTo(302);
            assertThat(signed(gateway, new BotSigner(), stranger.url())).isEqualTo(302);
            assertThat(stranger.connectionsAccepted()).isZero();
            assertThat(agent.requests()).hasSize(1);
        }
    }

    private static int signed(TestGateway gateway, BotSigner signer, String agent) {
        long now = Instant.now().getEpochSecond();
        String input = signer.input("\"@authority\" \"@path\" \"signature-agent\"", now, now + 300, "");
        String quoted = "\"" + agent + "\"";
        String signature = signer.sign("http", "shop.test", "/page", input, "Signature-Agent", quoted);
        return get(
                        gateway,
                        "/page",
                        "192.0.2.9",
                        "Agent/1",
                        "Signature-Agent: " + quoted + "\r\n",
                        "Signature-Input: sig=" + input + "\r\n",
                        "Signature: " + signature + "\r\n")
                .status();
    }
}
