package com.esperr.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies ask, byte by byte, and what they are answered. */
class AuthzIT {
    private static final String STRANGERS = "listen.authz.profile = traefik\nclient.trusted-proxies = [\"192.0.2.1\"]";

    @Test
    void traefikAsksInForwardedFields() {
        try (AuthzScene scene = AuthzScene.without("traefik")) {
            RawResponse allowed = ask(
                    scene,
                    "GET /authz HTTP/1.1",
                    "Host: esper:8082",
                    "User-Agent: Firefox",
                    "X-Forwarded-For: 198.51.100.23",
                    "X-Forwarded-Host: shop.test",
                    "X-Forwarded-Method: PATCH",
                    "X-Forwarded-Port: 443",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Uri: /items/1?x=y",
                    "X-Real-Ip: 198.51.100.23",
                    "Accept-Encoding: gzip");
            assertThat(allowed.status()).isEqualTo(200);
            assertThat(allowed.bodyText()).isEmpty();
            assertThat(allowed.header("esper-decision")).isEqualTo("allow");
            assertThat(allowed.header("esper-reference")).matches("[0-9A-Z]{10}");
            EsperCall call = scene.esper.decisionCalls().get(0);
            assertThat(call.text("/request/method")).isEqualTo("PATCH");
            assertThat(call.text("/request/client_ip")).isEqualTo("198.51.100.23");
            assertThat(call.text("/return_url")).isEqualTo("https://shop.test/items/1?x=y");
        }
    }

    @Test
    void traefikIsGivenTheVisitorsAnswer() {
        try (AuthzScene scene = AuthzScene.without("traefik")) {
            RawResponse challenge = ask(scene, traefik("/challenged", "Accept: text/html"));
            assertThat(challenge.status()).isEqualTo(302);
            RawResponse back = ask(scene, traefik("/challenged?esper_challenge_proof=good", "Accept: text/html"));
            assertThat(back.status()).isEqualTo(302);
            assertThat(back.header("location")).isEqualTo("/challenged");
            assertThat(back.headers().only("set-cookie")).startsWith("__Host-esper_challenge_");
            RawResponse blocked = ask(scene, traefik("/", "User-Agent: badbot"));
            assertThat(blocked.status()).isEqualTo(403);
            assertThat(blocked.bodyText()).contains("\"reference\"");
        }
    }

    @Test
    void aPageThatSomebodyPassesOnIsNotCompressed() {
        try (AuthzScene scene = AuthzScene.without("traefik")) {
            RawResponse blocked =
                    ask(scene, traefik("/", "User-Agent: badbot", "Accept: text/html", "Accept-Encoding: gzip"));
            assertThat(blocked.status()).isEqualTo(403);
            assertThat(blocked.headers().has("content-encoding")).isFalse();
            assertThat(blocked.bodyText()).contains("<html", blocked.header("esper-reference"));
        }
    }

    @Test
    void envoyAsksWithTheRequestItselfBelowThePrefix() {
        try (AuthzScene scene = AuthzScene.without("envoy")) {
            RawResponse allowed = ask(
                    scene,
                    "DELETE /authz/items/1?x=y HTTP/1.1",
                    "Host: shop.test",
                    "X-Forwarded-For: 198.51.100.23",
                    "X-Forwarded-Proto: https",
                    "Content-Length: 0");
            assertThat(allowed.status()).isEqualTo(200);
            EsperCall call = scene.esper.decisionCalls().get(0);
            assertThat(call.text("/request/method")).isEqualTo("DELETE");
            assertThat(call.text("/request/client_ip")).isEqualTo("198.51.100.23");
            assertThat(call.text("/return_url")).isEqualTo("https://shop.test/items/1?x=y");
            assertThat(ask(scene, "GET /authz/challenged HTTP/1.1", "Host: shop.test", "Accept: text/html")
                            .status())
                    .isEqualTo(302);
        }
    }

    @Test
    void nginxIsToldInTheTwoStatusesThatItKnows() {
        try (AuthzScene scene = AuthzScene.without("nginx")) {
            RawResponse challenge = ask(scene, nginx("/authz", "/challenged", "Accept: text/html"));
            assertThat(challenge.status()).isEqualTo(401);
            assertThat(challenge.header("esper-answer")).startsWith("challenge ");
            RawResponse blocked = ask(scene, nginx("/authz", "/", "User-Agent: badbot"));
            assertThat(blocked.status()).isEqualTo(403);
            RawResponse page = ask(
                    scene,
                    nginx(
                            "/authz/answer",
                            "/",
                            "Accept: text/html",
                            "Accept-Encoding: gzip",
                            "Esper-Answer: " + blocked.header("esper-answer")));
            assertThat(page.status()).isEqualTo(403);
            assertThat(page.header("esper-reference")).isEqualTo(blocked.header("esper-reference"));
            assertThat(page.bodyText()).contains("<html", blocked.header("esper-reference"));
            assertThat(ask(scene, nginx("/authz", "/%2e%2e/x")).status()).isEqualTo(403);
            assertThat(ask(scene, nginx("/authz/answer", "/", "Esper-Answer: allow"))
                            .status())
                    .isEqualTo(400);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(scene.gateway.metrics().sum("esper_requests_total", "outcome=delivered"))
                                    .isEqualTo(1));
            assertThat(scene.gateway.metrics().sum("esper_decisions_total", "action=block"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whoIsNoProxyOfOursIsRefused() {
        try (AuthzScene scene = AuthzScene.without("traefik");
                TestGateway stranger = TestGateway.start(STRANGERS, Map.of("origin.url", scene.origin.url()))) {
            RawResponse refused = RawClient.exchange(stranger.port(), String.join("\r\n", traefik("/")) + "\r\n\r\n");
            assertThat(refused.status()).isEqualTo(403);
            // It is counted when the answer is on its way.
            await().untilAsserted(
                            () -> assertThat(stranger.metrics().sum("esper_failures_total", "reason=untrusted_proxy"))
                                    .isEqualTo(1));
        }
    }

    @Test
    void norIsHeGivenTheAnswerThatHeWrites() {
        String[] admitted = {"Esper-Answer: admit 5f1b2f3c-7a3e-4d52-8b0a-0e2f6a9c1d77 =L2E =YT1i", "Accept: text/html"
        };
        try (TestGateway believed = TestGateway.start(
                        "listen.authz.profile = nginx\nclient.trusted-proxies = [loopback]\n", Map.of());
                TestGateway stranger = TestGateway.start(STRANGERS.replace("traefik", "nginx"), Map.of())) {
            assertThat(exchange(believed, nginx("/authz/answer", "/", admitted)).header("set-cookie"))
                    .isEqualTo("a=b");
            RawResponse refused = exchange(stranger, nginx("/authz/answer", "/", admitted));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.headers().has("set-cookie")).isFalse();
            assertThat(refused.headers().has("location")).isFalse();
        }
    }

    @Test
    void whatDoesNotSayWhichRequestIsRefused() {
        try (AuthzScene scene = AuthzScene.without("caddy")) {
            assertThat(ask(scene, "GET /authz HTTP/1.1", "Host: esper").status())
                    .isEqualTo(400);
            assertThat(ask(scene, "GET / HTTP/1.1", "Host: esper").status()).isEqualTo(404);
            assertThat(ask(scene, "GET /authz/answer HTTP/1.1", "Host: esper").status())
                    .isEqualTo(404);
            assertThat(ask(scene, "OPTIONS /authz HTTP/1.1", "Host: esper", "Max-Forwards: 0")
                            .status())
                    .isEqualTo(400);
            assertThat(scene.origin.requests()).isEmpty();
            assertThat(scene.esper.decisionCalls()).isEmpty();
        }
    }

    @Test
    void severalQuestionsGoOverOneConnection() {
        try (AuthzScene scene = AuthzScene.without("traefik");
                RawClient proxy = RawClient.connect(scene.asked())) {
            for (int i = 0; i < 3; i++) {
                proxy.send(String.join("\r\n", traefik("/" + i)) + "\r\n\r\n");
                assertThat(proxy.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/items/1?x=y", "/items/%41/../b", "//a", "/.", "/a?esper_challenge_proof=none&b=%2f", "/?"})
    void theOriginIsToldOfTheTargetAsTheProxyForwardsIt(String target) {
        try (AuthzScene scene = AuthzScene.without("nginx")) {
            RawResponse allowed = ask(
                    scene,
                    "GET /authz HTTP/1.1",
                    "Host: Shop.test.",
                    "X-Original-Method: PATCH",
                    "X-Original-URI: " + target);
            assertThat(allowed.status()).isEqualTo(200);
            String told = allowed.headers().only("esper-attestation");
            assertThat(told).endsWith(";m=" + AuthzScene.signature(told, "PATCH", "shop.test.", target));
        }
    }

    @Test
    void whereOnlyProxiesAskTheApplicationNeedNotBeKnown() {
        String config = "listen.authz.profile = traefik\nclient.trusted-proxies = [loopback]\n";
        for (Map<String, String> origin :
                List.of(Map.<String, String>of(), Map.of("origin.url", "http://127.0.0.1:9"))) {
            try (TestGateway gateway = TestGateway.start(config, origin)) {
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(gateway.readiness()).isEqualTo(200));
                assertThat(exchange(gateway, traefik("/")).status()).isEqualTo(200);
                assertThat(exchange(gateway, "GET / HTTP/1.1", "Host: shop.test")
                                .status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void aPageOfOursIsNeverAnAllow() {
        try (AuthzScene scene = AuthzScene.without("traefik")) {
            assertThat(ask(scene, traefik("/.well-known/esper/retry.js")).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void inModeMonitorEverybodyPassesAndItIsCounted() {
        try (AuthzScene scene = AuthzScene.without("traefik");
                TestGateway watching = TestGateway.start(
                        """
                        mode = monitor
                        monitor.source = cloud
                        listen.authz.profile = traefik
                        client.trusted-proxies = [loopback]
                        """,
                        Map.of(
                                "origin.url", scene.origin.url(),
                                "esper.api-url", scene.esper.url(),
                                "esper.api-key", TestEsper.API_KEY))) {
            String question = String.join("\r\n", traefik("/", "User-Agent: badbot")) + "\r\n\r\n";
            assertThat(RawClient.exchange(watching.port(), question).status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(watching.metrics().sum("esper_requests_total", "outcome=allowed"))
                            .isEqualTo(1));
            assertThat(watching.metrics().sum("esper_decisions_observed_total", "action=block"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aChallengeHeldHereIsPassedThroughTheProxy() {
        try (TestGateway gateway = TestGateway.start("""
                listen.authz.profile = traefik
                client.trusted-proxies = [loopback]
                routes = [ { path = "/**", tier = normal, require-level = 1 } ]
                challenge.hosted.providers = [ button ]
                """, Map.of("origin.url", "http://127.0.0.1:9"))) {
            RawResponse page = exchange(gateway, traefik("/basket", "Accept: text/html"));
            assertThat(page.status()).isEqualTo(403);
            assertThat(page.header("esper-mitigated")).isEqualTo("challenge");
            assertThat(page.bodyText()).contains("<form");
        }
    }

    private static String[] traefik(String uri, String... more) {
        return lines(
                new String[] {
                    "GET /authz HTTP/1.1",
                    "Host: esper",
                    "X-Forwarded-For: 198.51.100.23",
                    "X-Forwarded-Host: shop.test",
                    "X-Forwarded-Method: GET",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Uri: " + uri
                },
                more);
    }

    private static String[] nginx(String path, String uri, String... more) {
        return lines(
                new String[] {
                    "GET " + path + " HTTP/1.1",
                    "Host: shop.test",
                    "X-Original-Method: GET",
                    "X-Original-URI: " + uri,
                    "X-Forwarded-For: 198.51.100.23",
                    "X-Forwarded-Proto: https"
                },
                more);
    }

    private static String[] lines(String[] first, String... more) {
        String[] all = new String[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private static RawResponse ask(AuthzScene scene, String... lines) {
        return RawClient.exchange(scene.asked(), String.join("\r\n", lines) + "\r\n\r\n");
    }

    private static RawResponse exchange(TestGateway gateway, String... lines) {
        return RawClient.exchange(gateway.port(), String.join("\r\n", lines) + "\r\n\r\n");
    }
}
