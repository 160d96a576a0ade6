package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.NodePlatform;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handlers of {@code docs/platforms}, each run as its platform runs it, do what the gateway does in mode cloud. */
class PlatformsNodeIT {
    private static final Map<String, String> HANDLERS = Map.of(
            "vercel", "middleware.mjs",
            "cloudflare", "worker.mjs",
            "aws-lambda", "index.mjs",
            "google-cloud", "index.mjs");
    private static final String PATIENT = "20000";

    private final TestOrigin origin = TestOrigin.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        origin.close();
    }

    private NodePlatform platform(String name, Map<String, String> environment) throws IOException {
        String file = HANDLERS.get(name);
        Map<String, String> files = Map.of(
                "esper.mjs",
                "esper.mjs",
                "attested.mjs",
                "attested.mjs",
                name + "/" + file,
                name.equals("google-cloud") ? "protect.mjs" : file);
        Map<String, String> variables = new HashMap<>(Map.of("ESPER_TIMEOUT_MS", PATIENT));
        variables.putAll(environment);
        return NodePlatform.start(name, directory, files, origin.url(), variables);
    }

    private static Map<String, String> asking(String url, String key) {
        return Map.of("ESPER_API_URL", url, "ESPER_API_KEY", key);
    }

    private TestGateway gateway(TestService service) {
        return TestGateway.start(Map.of(
                "mode", "cloud",
                "origin.url", origin.url(),
                "client.trusted-proxies", "loopback",
                "esper.api-url", service.url(),
                "esper.api-key", service.key("shop"),
                "esper.connect-timeout", "20s",
                "decision.timeout", "20s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vercel", "cloudflare", "aws-lambda", "google-cloud"})
    void itAllowsBlocksAndChallengesLikeTheGateway(String name) throws IOException {
        try (TestService service = TestService.start(directory, Map.of());
                TestGateway gateway = gateway(service);
                NodePlatform platform = platform(name, asking(service.url(), service.key("shop")))) {
            Browser here = Browser.at(platform.port());
            Browser there = Browser.at(gateway.port());
            assertAlike(here.visit("/a%20b?q=%2f&r"), there.visit("/a%20b?q=%2f&r"));
            assertAlike(
                    here.submit("/buy", "text/plain", "two pairs of shoes"),
                    there.submit("/buy", "text/plain", "two pairs of shoes"));
            assertAlike(
                    here.with("badbot", "198.51.100.9").visit("/"),
                    there.with("badbot", "198.51.100.9").visit("/"));
            assertAlike(
                    here.with("badbot", "198.51.100.9").fetch("/"),
                    there.with("badbot", "198.51.100.9").fetch("/"));
            assertAlike(here.visit("/login?a=b"), there.visit("/login?a=b"));
            assertAlike(here.fetch("/login?a=b"), there.fetch("/login?a=b"));
            assertAlike(here.visit("/a%2Fb"), there.visit("/a%2Fb"));
            String preflight = "Access-Control-Request-Method: POST";
            assertAlike(
                    here.ask("OPTIONS", "/login", preflight, "Origin: https://b.test"),
                    there.ask("OPTIONS", "/login", preflight, "Origin: https://b.test"));
        }
    }

    /** The same but for what is new in each answer: references and the place of a challenge. */
    private static void assertAlike(RawResponse here, RawResponse there) throws IOException {
        assertThat(here.status()).as("%s", here).isEqualTo(there.status());
        for (String field :
                new String[] {"content-type", "cache-control", "esper-mitigated", "x-content-type-options"}) {
            boolean redirected = here.status() == 302 && field.equals("content-type");
            if (!redirected && there.headers().has("esper-reference")) {
                assertThat(here.headers().all(field))
                        .as(field)
                        .isEqualTo(there.headers().all(field));
            }
        }
        for (String field : new String[] {"location", "esper-challenge"}) {
            assertThat(place(here, field)).as(field).isEqualTo(place(there, field));
        }
        if (there.header("content-type").contains("problem")) {
            ObjectMapper json = new ObjectMapper();
            assertThat(json.readTree(here.bodyText()).properties().stream().map(Map.Entry::getKey))
                    .containsExactlyElementsOf(json.readTree(there.bodyText()).properties().stream()
                            .map(Map.Entry::getKey)
                            .toList());
        } else if (!there.headers().has("esper-reference")) {
            assertThat(here.bodyText()).isEqualTo(there.bodyText());
        }
    }

    private static String place(RawResponse response, String field) {
        String url = response.headers().first(field);
        return url == null ? "" : url.replaceFirst("/challenge/.*", "/challenge/…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vercel", "cloudflare", "aws-lambda", "google-cloud"})
    void whoComesBackFromAChallengeIsLetInUntilHisPassEnds(String name) throws IOException {
        try (TestService service = TestService.start(directory, Map.of());
                NodePlatform platform = platform(name, asking(service.url(), service.key("shop")))) {
            Browser browser = Browser.at(platform.port());
            String back =
                    press(service, browser.visit("/login?step=2").headers().only("location"));
            RawResponse admitted = browser.visit(back);
            assertThat(admitted.status()).as("%s", admitted).isEqualTo(302);
            assertThat(admitted.headers().only("location")).isEqualTo("/login?step=2");
            assertThat(admitted.headers().only("cache-control")).isEqualTo("no-store");
            assertThat(admitted.headers().only("set-cookie")).contains("HttpOnly", "SameSite=Lax", "Path=/");
            assertThat(browser.visit("/login?step=2").bodyText()).isEqualTo("GET /login?step=2\n");
            ReceivedRequest seen = origin.onlyRequest();
            assertThat(seen.rawHead()).doesNotContain("esper_challenge");
            assertThat(seen.header("cookie")).isEqualTo("sid=1; last=2");
            // Neither the pass nor the proof is worth anything in other hands.
            assertChallenged(browser.with("Chrome", "198.51.100.23").visit("/login"));
            assertChallenged(Browser.at(platform.port()).visit(back));
            Browser forger = Browser.at(platform.port());
            forger.learn(Map.of("esper_challenge", "9999999999." + "A".repeat(43)));
            assertChallenged(forger.visit("/login"));
        }
    }

    private static void assertChallenged(RawResponse response) {
        assertThat(response.status()).as("%s", response).isEqualTo(302);
        assertThat(response.header("esper-mitigated")).isEqualTo("challenge");
    }

    /** Presses the button of a challenge; what the browser asks for then. */
    private static String press(TestService service, String challenge) {
        URI page = URI.create(challenge);
        String host = " HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n";
        String form = ChallengeForm.pressed(RawClient.exchange(service.port(), "GET " + page.getPath() + host + "\r\n")
                .bodyText());
        RawResponse passed = RawClient.exchange(
                service.port(),
                "POST " + page.getPath() + host + "Content-Length: " + form.length() + "\r\n\r\n" + form);
        return passed.headers().only("location").replaceFirst("https?://shop.test", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vercel", "cloudflare", "aws-lambda", "google-cloud"})
    void theQuestionKeepsToTheContractAndNamesTheVisitor(String name) throws IOException {
        try (TestEsper esper = TestEsper.start();
                NodePlatform platform = platform(name, asking(esper.url(), TestEsper.API_KEY))) {
            Browser.at(platform.port())
                    .ask(
                            "GET",
                            "/basket?step=2&esper_challenge_proof=stolen&x",
                            "X-Real-IP: 192.0.2.66",
                            "CF-Connecting-IP: 192.0.2.66",
                            "Authorization: Bearer canary",
                            "Esper-Attestation: forged",
                            "X_Esper_Decision: forged");
            assertThat(esper.violations()).isEmpty();
            var question = esper.decisionCalls().get(0);
            assertThat(question.text("/request/client_ip")).isEqualTo("198.51.100.23");
            assertThat(question.text("/request/headers/x-forwarded-for")).isEqualTo("198.51.100.23");
            assertThat(question.text("/request/path")).isEqualTo("/basket");
            assertThat(question.text("/request/query_params/step")).isEqualTo("2");
            assertThat(question.text("/return_url")).endsWith("://shop.test/basket?step=2&x");
            assertThat(question.request().bodyText()).doesNotContain("canary", "stolen", "sid=1", "192.0.2.66");
            ReceivedRequest seen = origin.onlyRequest();
            assertThat(seen.target()).isEqualTo("/basket?step=2&x");
            assertThat(seen.header("authorization")).isEqualTo("Bearer canary");
            assertThat(seen.rawHead()).doesNotContain("forged", "stolen");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFailureIsNeverAnAnswer(boolean slow) throws IOException {
        try (TestEsper esper = TestEsper.start()) {
            Map<String, String> settings = new HashMap<>(asking(esper.url(), TestEsper.API_KEY));
            settings.put("ESPER_ON_FAILURE", "closed");
            settings.put("ESPER_TIMEOUT_MS", slow ? "200" : PATIENT);
            try (NodePlatform platform = platform("cloudflare", settings)) {
                for (Fault fault : Fault.values()) {
                    if (fault.isSlow() == slow && !fault.kinds().contains(Fault.Kind.HARMLESS)) {
                        esper.heal();
                        esper.answer(EsperReply.allow()).inject(fault);
                        RawResponse response = Browser.at(platform.port()).visit("/");
                        assertThat(response.status())
                                .as(fault + ": %s", response)
                                .isEqualTo(403);
                        esper.release();
                    }
                }
                assertThat(origin.requests()).isEmpty();
            }
        }
    }

    @Test
    void aFailureOpensWhereTheSettingsSaySoAndTheApplicationIsTold() throws IOException {
        try (TestEsper esper = TestEsper.start();
                NodePlatform platform = platform("vercel", asking(esper.url(), TestEsper.API_KEY))) {
            for (Fault fault : Set.of(Fault.STATUS_500, Fault.STATUS_401, Fault.STATUS_429, Fault.GARBAGE)) {
                esper.heal();
                esper.inject(fault);
                assertThat(Browser.at(platform.port()).visit("/").status()).isEqualTo(200);
                assertThat(origin.onlyRequest().header("esper-decision"))
                        .isEqualTo("fail-open; reason=decision_"
                                + fault.kinds().iterator().next().name().toLowerCase());
                origin.forget();
            }
            esper.heal();
            esper.inject(Fault.CHALLENGE_FOREIGN_HOST);
            assertThat(Browser.at(platform.port()).visit("/").status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.test/", "/\\\\evil.test/", "///evil.test/x"})
    void aProofLeadsToNoOtherSite(String target) throws IOException {
        try (TestEsper esper = TestEsper.start();
                NodePlatform platform = platform("cloudflare", asking(esper.url(), TestEsper.API_KEY))) {
            esper.answerProof(json -> EsperReply.json("{\"valid\":true,\"expires_in\":60}"));
            RawResponse admitted = Browser.at(platform.port()).visit(target + "?esper_challenge_proof=good");
            if (admitted.status() == 302) {
                assertThat(admitted.headers().only("location")).matches("/[^/\\\\].*");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"valid\":false}",
                "{}",
                "{\"valid\":\"true\"}",
                "{\"valid\":true,\"expires_in\":0}",
                "{\"valid\":true,\"expires_in\":\"soon\"}",
                "{\"valid\":true,\"expires_at\":\"2001-01-01T00:00:00Z\"}",
                "{\"valid\":true,\"return_host\":\"bank.test\"}",
                "[true]",
                "null"
            })
    void aProofThatIsNotVouchedForIsWorthNothing(String said) throws IOException {
        try (TestEsper esper = TestEsper.start();
                NodePlatform platform = platform("cloudflare", asking(esper.url(), TestEsper.API_KEY))) {
            esper.answer(json -> EsperReply.challenge(esper.url() + "/c")).answerProof(json -> EsperReply.json(said));
            RawResponse response = Browser.at(platform.port()).visit("/?esper_challenge_proof=good");
            assertThat(response.headers().has("set-cookie")).isFalse();
            assertThat(response.status()).as("%s", response).isIn(302, 200);
            assertThat(response.header("esper-mitigated")
                            + origin.requests().stream()
                                    .map(seen -> seen.header("esper-decision"))
                                    .findFirst()
                                    .orElse(""))
                    .isIn("challenge", "fail-open; reason=decision_malformed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudflare", "aws-lambda", "google-cloud"})
    void theApplicationSeesThePathThatWasDecidedOn(String name) throws IOException {
        try (TestEsper esper = TestEsper.start();
                NodePlatform platform = platform(name, asking(esper.url(), TestEsper.API_KEY))) {
            RawClient.exchange(
                    platform.port(), "GET /public/../admin/%2e/x?y HTTP/1.1\r\nHost: shop.test:8443\r\n\r\n");
            assertThat(esper.decisionCalls().get(0).text("/request/path")).isEqualTo("/admin/x");
            assertThat(origin.onlyRequest().target()).isEqualTo("/admin/x?y");
        }
    }

    @Test
    void aVisitorWaitsNoLongerThanTheSettingsSay() throws IOException {
        try (TestEsper esper = TestEsper.start()) {
            Map<String, String> settings = new HashMap<>(asking(esper.url(), TestEsper.API_KEY));
            settings.put("ESPER_TIMEOUT_MS", "200");
            esper.inject(Fault.SILENT);
            try (NodePlatform platform = platform("aws-lambda", settings)) {
                assertThat(Browser.at(platform.port()).visit("/").status()).isEqualTo(200);
                assertThat(origin.onlyRequest().header("esper-decision"))
                        .isEqualTo("fail-open; reason=decision_timeout");
            }
            esper.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vercel", "cloudflare", "aws-lambda", "google-cloud"})
    void behindTheGatewayOnlyWhatItVouchesForIsLetIn(String name) throws IOException {
        String key = "0f".repeat(32);
        try (NodePlatform platform = platform(name, Map.of("ESPER_ATTESTATION_KEYS", key));
                TestGateway gateway = TestGateway.start(Map.of(
                        "origin.url",
                        "http://127.0.0.1:" + platform.port(),
                        "origin.host",
                        "rewrite",
                        "forward.attestation.key",
                        key))) {
            assertThat(Browser.at(gateway.port()).visit("/a%20b?c=%2f").bodyText())
                    .isEqualTo("GET /a%20b?c=%2f\n");
            assertThat(Browser.at(gateway.port()).fetch("/x").status()).isEqualTo(200);
            int before = origin.requests().size();
            assertThat(Browser.at(platform.port()).visit("/").status()).isEqualTo(403);
            assertThat(Browser.at(platform.port())
                            .ask("GET", "/", "Esper-Attestation: v1;k=00000000;x=9999999999;m=" + "A".repeat(43))
                            .status())
                    .isEqualTo(403);
            assertThat(origin.requests()).hasSize(before);
        }
    }
}
