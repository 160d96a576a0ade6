package com.esperr.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawHeaders;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds behind every proxy that asks the gateway, with the files that come along. */
interface AuthzBehaviour {
    /** The scene with the proxy, and these edits of its files. */
    AuthzScene scene(Map<String, String> edits);

    /** What is edited so that visitors pass when the gateway does not answer. */
    Map<String, String> open();

    /** What a visitor gets when the gateway does not answer. */
    int closed();

    @Test
    default void whoIsAllowedReachesTheApplicationAndItIsToldTheReference() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse page = scene.ask("GET", "/basket?a=1");
            assertThat(page.status()).isEqualTo(200);
            ReceivedRequest request = scene.origin.onlyRequest();
            assertThat(request.target()).isEqualTo("/basket?a=1");
            assertThat(request.headers().only("host")).isEqualTo("shop.test");
            assertThat(request.headers().only("esper-reference")).matches("[0-9A-Z]{10}");
            assertThat(request.headers().only("esper-decision")).isEqualTo("allow");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(scene.gateway.metrics().sum("esper_requests_total", "outcome=allowed"))
                                    .isEqualTo(1));
            assertThat(scene.gateway.metrics().sum("esper_decisions_total", "source=cloud", "action=allow"))
                    .isEqualTo(1);
        }
    }

    @Test
    default void bodiesPassWithoutTheGateway() {
        try (AuthzScene scene = scene(Map.of())) {
            String body = "x".repeat(100_000);
            try (RawClient client = RawClient.connect(scene.port())) {
                RawResponse page = client.send("POST /form HTTP/1.1\r\nHost: shop.test\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .readResponse("POST");
                assertThat(page.status()).isEqualTo(200);
            }
            assertThat(scene.origin.onlyRequest().awaitFinished().bodyText()).isEqualTo(body);
        }
    }

    @Test
    default void whoIsBlockedSeesThePageAndTheApplicationNothing() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse page = scene.ask("GET", "/", "User-Agent: badbot");
            assertThat(page.status()).isEqualTo(403);
            assertThat(page.header("content-type")).startsWith("text/html");
            assertThat(page.header("esper-mitigated")).isEqualTo("block");
            assertThat(page.bodyText()).contains(page.header("esper-reference"));
            assertThat(scene.origin.requests()).isEmpty();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(scene.gateway.metrics().sum("esper_decisions_total", "action=block"))
                                    .isEqualTo(1));
            // A page that is asked for afterwards is no second question.
            assertThat(scene.esper.decisionCalls()).hasSize(1);
        }
    }

    @Test
    default void aProgramThatIsBlockedIsToldSoInItsForm() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse page =
                    scene.ask("POST", "/api", "User-Agent: badbot", "Sec-Fetch-Mode: cors", "Content-Length: 0");
            assertThat(page.status()).isEqualTo(403);
            assertThat(page.header("content-type")).startsWith("application/problem+json");
            assertThat(page.bodyText()).contains("\"reference\"");
            assertThat(scene.origin.requests()).isEmpty();
        }
    }

    @Test
    default void whoIsChallengedIsRedirectedAndComesBackForAPass() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse first = scene.ask("GET", "/challenged?a=1&b=%20x");
            assertThat(first.status()).isEqualTo(302);
            assertThat(first.header("location")).startsWith(AuthzScene.CHALLENGE);
            RawResponse back = scene.ask("GET", "/challenged?a=1&esper_challenge_proof=good-1&b=%20x");
            assertThat(back.status()).isEqualTo(302);
            assertThat(back.header("location")).isEqualTo("/challenged?a=1&b=%20x");
            String cookie = back.headers().only("set-cookie");
            assertThat(cookie).startsWith("esper_challenge_").contains("; HttpOnly");
            assertThat(scene.origin.requests()).isEmpty();
            RawResponse page =
                    scene.ask("GET", "/challenged?a=1&b=%20x", "Cookie: " + cookie.substring(0, cookie.indexOf(';')));
            assertThat(page.status()).isEqualTo(200);
            assertThat(scene.origin.onlyRequest().target()).isEqualTo("/challenged?a=1&b=%20x");
            assertThat(scene.esper.decisionCalls()).hasSize(1);
            // A bad proof is none.
            assertThat(scene.ask("GET", "/challenged?esper_challenge_proof=bad").header("location"))
                    .startsWith(AuthzScene.CHALLENGE);
        }
    }

    @Test
    default void aFormIsRedirectedSoThatItIsNotSentToTheChallenge() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse first = scene.ask("POST", "/challenged", "Content-Length: 0");
            assertThat(first.status()).isEqualTo(303);
            assertThat(first.header("location")).startsWith(AuthzScene.CHALLENGE);
        }
    }

    @Test
    default void whatWasAskedForAndByWhomIsDecidedOn() {
        try (AuthzScene scene = scene(Map.of())) {
            scene.askFrom("127.0.0.9", "DELETE", "/items/%41?q=%2F&r", "User-Agent: Firefox", "Content-Length: 0");
            EsperCall call = scene.esper.decisionCalls().get(0);
            assertThat(call.text("/request/method")).isEqualTo("DELETE");
            assertThat(call.text("/request/path")).isEqualTo("/items/A");
            assertThat(call.text("/request/client_ip")).isEqualTo("127.0.0.9");
            assertThat(call.text("/request/user_agent")).isEqualTo("Firefox");
            assertThat(call.text("/return_url")).isEqualTo("http://shop.test/items/A?q=%2F&r");
        }
    }

    @Test
    default void whatAVisitorSaysInAProxysNameIsNotBelieved() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse page = scene.askFrom(
                    "127.0.0.9",
                    "GET",
                    "/challenged",
                    "X-Forwarded-For: 192.0.2.7",
                    "X-Real-IP: 192.0.2.7",
                    "Forwarded: for=192.0.2.7",
                    "X-Forwarded-Uri: /public",
                    "X-Forwarded-Method: OPTIONS",
                    "X-Forwarded-Host: other.test",
                    "X-Forwarded-Proto: https",
                    "X-Original-URI: /public",
                    "X-Original-URL: /public",
                    "X-Original-Method: OPTIONS",
                    "X-Esper-Hybrid-Key: somebody",
                    "Esper-Answer: admit 00000000-0000-4000-8000-000000000000 =Lw -",
                    "Esper-Decision: none",
                    "Max-Forwards: 0");
            assertThat(page.status()).isEqualTo(302);
            assertThat(scene.origin.requests()).isEmpty();
            EsperCall call = scene.esper.decisionCalls().get(0);
            assertThat(call.text("/request/method")).isEqualTo("GET");
            assertThat(call.text("/request/path")).isEqualTo("/challenged");
            assertThat(call.text("/request/client_ip")).isIn("127.0.0.9");
            assertThat(call.text("/return_url")).isEqualTo("http://shop.test/challenged");
            scene.ask("GET", "/", "Esper-Decision: mine", "Esper-Reference: MINE");
            assertThat(scene.origin.onlyRequest().headers().only("esper-decision"))
                    .isEqualTo("allow");
            assertThat(scene.origin.onlyRequest().headers().only("esper-reference"))
                    .isNotEqualTo("MINE");
        }
    }

    @Test
    default void aVisitorWhoDoesNotSayWhatHeIsIsNotGivenTheProxysName() {
        try (AuthzScene scene = scene(Map.of())) {
            scene.ask("GET", "/");
            assertThat(scene.esper.decisionCalls().get(0).text("/request/user_agent"))
                    .isIn("", "null");
        }
    }

    @Test
    default void aRequestThatCouldBeReadInTwoWaysIsRefused() {
        try (AuthzScene scene = scene(Map.of())) {
            assertThat(scene.ask("GET", "/a%2Fb/%2e%2e/challenged").status()).isBetween(400, 403);
            assertThat(scene.origin.requests()).isEmpty();
        }
    }

    @Test
    default void theApplicationCanProveThatItWasDecidedOn() {
        // Caddy copies what its file names.
        try (AuthzScene scene = scene(Map.of("Esper-Reference Esper-Decision", "Esper-Decision Esper-Attestation"))) {
            scene.ask("GET", "/a/%41/./b?q=%2f&esper_challenge_proof=bad", "Esper-Attestation: v1;forged");
            ReceivedRequest seen = scene.origin.onlyRequest();
            String told = seen.headers().only("esper-attestation");
            assertThat(told).endsWith(";m=" + AuthzScene.signature(told, "GET", "shop.test", seen.target()));
        }
    }

    @Test
    default void noOtherSpellingOfOurFieldsReachesTheApplication() {
        try (AuthzScene scene = scene(Map.of())) {
            scene.ask(
                    "GET",
                    "/",
                    "Esper_Decision: mine",
                    "esper.reference: mine",
                    "ESPER_ATTESTATION: mine",
                    "X_Esper_Api_Key: mine",
                    "X-Esper_Level: mine");
            assertThat(scene.origin.onlyRequest().headers().fields())
                    .extracting(RawHeaders.Field::value)
                    .doesNotContain("mine");
        }
    }

    @Test
    default void withoutEsperTheFailureTableDecides() {
        try (AuthzScene scene = scene(Map.of())) {
            scene.esper.inject(Fault.REFUSED);
            assertThat(scene.ask("GET", "/basket").status()).isEqualTo(200);
            assertThat(scene.origin.onlyRequest().headers().only("esper-decision"))
                    .isEqualTo("fail-open; reason=decision_connect");
            assertThat(scene.ask("GET", "/account").status()).isEqualTo(403);
            assertThat(scene.origin.requests()).hasSize(1);
        }
    }

    @Test
    default void duringMaintenanceVisitorsAreToldToComeBackAlsoWhereFailuresLetThemPass() {
        try (AuthzScene scene = scene(open())) {
            scene.maintain();
            RawResponse page = scene.ask("GET", "/");
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.header("retry-after")).isEqualTo("60");
            assertThat(page.header("content-type")).startsWith("text/html");
            assertThat(scene.origin.requests()).isEmpty();
            assertThat(scene.esper.decisionCalls()).isEmpty();
        }
    }

    @Test
    default void withoutTheGatewayNobodyPasses() {
        try (AuthzScene scene = scene(Map.of())) {
            scene.gateway.close();
            assertThat(scene.ask("GET", "/").status()).isEqualTo(closed());
            assertThat(scene.origin.requests()).isEmpty();
        }
    }

    @Test
    default void withoutTheGatewayEverybodyPassesWhereThatIsWanted() {
        try (AuthzScene scene = scene(open())) {
            assertThat(scene.ask("GET", "/", "User-Agent: badbot").status()).isEqualTo(403);
            scene.gateway.close();
            assertThat(scene.ask("GET", "/", "User-Agent: badbot").status()).isEqualTo(200);
            assertThat(scene.origin.onlyRequest().headers().has("esper-decision"))
                    .isFalse();
        }
    }

    @Test
    default void aVisitorCannotMakeTheQuestionFailThatWouldLetHimPass() {
        try (AuthzScene scene = scene(open())) {
            for (int size : List.of(20_000, 50_000, 60_000)) {
                String target = "/?" + "a".repeat(size / 2);
                int status = scene.ask("GET", target, "User-Agent: badbot", "X-Large: " + "x".repeat(size / 2))
                        .status();
                assertThat(status).as("%d bytes", size).isBetween(400, 499);
            }
            assertThat(scene.ask("GET", "/a%2Fb/%2e%2e/challenged", "User-Agent: badbot")
                            .status())
                    .isBetween(400, 499);
            assertThat(scene.ask("GET", "/", "User-Agent: badbot", "Cookie: " + "a=1; ".repeat(300))
                            .status())
                    .isBetween(400, 499);
            assertThat(scene.origin.requests()).isEmpty();
        }
    }

    @Test
    default void aChallengeThatTheGatewayHoldsIsPassedThroughTheProxy() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse page = scene.ask("GET", "/held?a=1");
            assertThat(page.status()).isEqualTo(403);
            assertThat(page.header("esper-mitigated")).isEqualTo("challenge");
            String seen = page.headers().only("set-cookie").split(";")[0];
            RawResponse passed = scene.post(
                    "/.well-known/esper/challenge",
                    ChallengeForm.pressed(page.bodyText()) + "&to=%2Fheld%3Fa%3D1",
                    "Cookie: " + seen);
            assertThat(passed.status()).isEqualTo(303);
            assertThat(passed.header("location")).isEqualTo("/held?a=1");
            assertThat(scene.origin.requests()).isEmpty();
            String pass = passed.headers().all("set-cookie").stream()
                    .map(cookie -> cookie.split(";")[0])
                    .filter(cookie -> !cookie.startsWith(seen.split("=")[0]))
                    .findFirst()
                    .orElseThrow();
            assertThat(scene.ask("GET", "/held?a=1", "Cookie: " + pass).status())
                    .isEqualTo(200);
            assertThat(scene.origin.onlyRequest().target()).isEqualTo("/held?a=1");
        }
    }

    @Test
    default void pagesOfTheGatewayAreReachedThroughTheProxy() {
        try (AuthzScene scene = scene(Map.of())) {
            RawResponse script = scene.ask("GET", "/.well-known/esper/retry.js");
            assertThat(script.status()).isEqualTo(200);
            assertThat(script.header("content-type")).contains("javascript");
            assertThat(scene.origin.requests()).isEmpty();
            assertThat(List.of(404, 403))
                    .contains(scene.ask("GET", "/.well-known/esper/none").status());
        }
    }
}
