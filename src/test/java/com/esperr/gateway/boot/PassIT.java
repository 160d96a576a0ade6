package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pass is worth: in whose hands, to which gateway, for how long, and against which decisions. */
class PassIT extends ChallengeScene {
    @ParameterizedTest
    @CsvSource({
        "'', Chrome, 203.0.113.9, true, true",
        "user-agent, Firefox, 203.0.113.9, true, true",
        "user-agent, Chrome, 198.51.100.23, false, false",
        "network, Chrome, 198.51.100.99, true, true",
        "network, Firefox, 203.0.113.9, false, false",
        "'user-agent,network', Firefox, 2001:db8::1, false, false",
    })
    void passAndProofInOtherHandsCountAsTheBindingSays(
            String binding, String agent, String address, boolean pass, boolean proof) {
        try (TestGateway gateway = gateway("challenge.pass.binding", binding)) {
            Browser browser = Browser.at(gateway.port());
            assertAdmitted(browser.visit("/?" + PROOF + "=good"), "/");
            assertThat(browser.visit("/").status()).isEqualTo(200);
            assertThat(browser.with(agent, address).visit("/").status()).isEqualTo(pass ? 200 : 302);
            RawResponse replayed = new Browser(gateway.port(), agent, address, true).visit("/x?" + PROOF + "=good");
            if (proof) {
                assertAdmitted(replayed, "/x");
            } else {
                assertChallenged(replayed);
            }
        }
    }

    @Test
    void whoChangesTheAddressFamilyIsChallengedOnceMoreAtTheMost() {
        try (TestGateway gateway = gateway("challenge.pass.binding", "network,user-agent")) {
            Browser four = Browser.at(gateway.port());
            four.visit("/?" + PROOF + "=good-4");
            Browser six = four.with("Firefox", "2001:db8::7");
            assertChallenged(six.visit("/"));
            assertAdmitted(six.visit("/?" + PROOF + "=good-6"), "/");
            for (int i = 0; i < 3; i++) {
                assertThat(six.with("Firefox", "198.51.100.99").visit("/").status())
                        .isEqualTo(200);
                assertThat(six.visit("/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aReplicaWithTheSameKeyTakesThePassAndOneWithAnotherAsksAnew() {
        try (TestGateway first = gateway();
                TestGateway same =
                        gateway("challenge.pass.key", "77".repeat(32), "challenge.pass.previous-key", "5e".repeat(32));
                TestGateway other = gateway("challenge.pass.key", "77".repeat(32))) {
            Browser browser = Browser.at(first.port());
            browser.visit("/?" + PROOF + "=good");
            assertThat(on(same, browser).visit("/").status()).isEqualTo(200);
            assertChallenged(on(other, browser).visit("/"));
            assertThat(other.metrics().sum("esper_passes_total", "result=unknown"))
                    .isEqualTo(1);
        }
    }

    @Test
    void theOriginIsToldTheLevelOfThePassThatCounted() {
        try (TestGateway gateway =
                gateway("forward.attestation.key", "0f".repeat(32), "challenge.pass.levels.esper", "2")) {
            Browser browser = Browser.at(gateway.port());
            browser.visit("/?" + PROOF + "=good");
            assertThat(browser.visit("/").status()).isEqualTo(200);
            assertThat(origin.onlyRequest().headers().only("esper-attestation")).contains(";d=allow;s=pass;l=2;");
        }
    }

    private static Browser on(TestGateway gateway, Browser browser) {
        Browser there = Browser.at(gateway.port());
        there.learn(browser.jar());
        return there;
    }

    @Test
    void whatOneAskedAboutAgainIsTakenBackIsWorthNothingAnyMore() {
        try (TestGateway gateway = gateway("challenge.reverify", "every 1s", "challenge.pass.binding", "")) {
            Browser browser = Browser.at(gateway.port());
            browser.visit("/?" + PROOF + "=good");
            assertThat(browser.visit("/").status()).isEqualTo(200);
            assertThat(verifications()).isEqualTo(1);
            esper.answerProof(json -> EsperReply.status(500));
            awaitVerification(browser, 2);
            assertThat(browser.visit("/").status())
                    .as("a failed question is open")
                    .isEqualTo(200);
            esper.answerProof(json -> EsperReply.status(410));
            awaitRedirect(browser);
            assertChallenged(browser.visit("/"));
            assertThat(gateway.metrics().sum("esper_passes_total", "result=revoked"))
                    .isPositive();
        }
    }

    private void awaitVerification(Browser browser, long count) {
        await().until(() -> browser.visit("/").status() == 200 && verifications() >= count);
    }

    private static void awaitRedirect(Browser browser) {
        await().until(() -> browser.visit("/").status() == 302);
    }

    @Test
    void anExemptRouteTouchesNoChallenge() {
        try (TestGateway gateway = TestGateway.start(
                "routes = [ { path = \"/static/**\", tier = exempt } ]",
                Map.of(
                        "mode",
                        "cloud",
                        "origin.url",
                        origin.url(),
                        "esper.api-url",
                        esper.url(),
                        "esper.api-key",
                        TestEsper.API_KEY))) {
            RawResponse answer = Browser.at(gateway.port()).visit("/static/x?" + PROOF + "=good");
            assertThat(answer.bodyText()).isEqualTo("GET /static/x\n");
            assertThat(esper.calls()).isEmpty();
        }
    }

    @Test
    void whoOnlyWatchesSendsNobodyAnywhere() {
        try (TestGateway gateway = gateway("mode", "monitor", "monitor.source", "cloud")) {
            RawResponse answer = Browser.at(gateway.port()).visit("/a?" + PROOF + "=good");
            assertThat(answer.bodyText()).isEqualTo("GET /a\n");
            assertThat(answer.headers().has("set-cookie")).isFalse();
            assertThat(verifications()).isZero();
            assertThat(esper.decisionCalls()).hasSize(1);
        }
    }

    @Test
    void inModeLocalAChallengeIsMetByThePassAndABlockIsNot(@TempDir Path directory) throws IOException {
        Path policies = Files.writeString(directory.resolve("p.conf"), """
                mitigations = [ { mitigation_id = checks, mode = challenge } ]
                policies = [ { policy_id = local, priority = 1, clauses = [
                  { match { field = request_path, operator = starts_with, value = "/admin" }, mitigation = block }
                  { match { field = request_path, operator = starts_with, value = "/" }, mitigation = checks } ] } ]
                """);
        String[] local = {
            "mode", "local", "policies.path", policies.toString(), "challenge.url", esper.url() + "/c?back={return_url}"
        };
        try (TestGateway gateway = gateway(local)) {
            Browser browser = Browser.at(gateway.port());
            RawResponse redirect = browser.visit("/page");
            assertChallenged(redirect);
            assertThat(redirect.header("location")).endsWith("?back=http%3A%2F%2Fshop.test%2Fpage");
            assertAdmitted(browser.visit("/page?" + PROOF + "=good"), "/page");
            assertThat(browser.visit("/page").status()).isEqualTo(200);
            assertThat(browser.visit("/admin").status()).isEqualTo(403);
            assertThat(esper.decisionCalls()).isEmpty();
            await().untilAsserted(() -> assertThat(gateway.metrics()
                            .sum("esper_decisions_total", "source=pass", "action=allow", "cause=policy"))
                    .isEqualTo(1));
        }
        origin.forget();
        List<String> keyless = new ArrayList<>(List.of(local));
        keyless.addAll(List.of("esper.api-key", ""));
        try (TestGateway gateway = gateway(keyless.toArray(String[]::new))) {
            assertChallenged(Browser.at(gateway.port()).visit("/page?" + PROOF + "=good"));
        }
    }

    @Test
    void inModeHybridWhatIsRememberedIsMetByThePassAndABlockIsNot() {
        try (TestGateway gateway = gateway("mode", "hybrid", "hybrid.inputs", "user_agent")) {
            Browser browser = Browser.at(gateway.port());
            assertChallenged(browser.visit("/page"));
            assertAdmitted(browser.visit("/page?" + PROOF + "=good"), "/page");
            assertThat(browser.visit("/page").status()).isEqualTo(200);
            assertThat(esper.decisionCalls()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page", "/a/b?x=1"})
    void aServerOfOursThatSendsAProofBackIsAskedAtTheSameAddress(String target) {
        try (TestGateway gateway = gateway("challenge.verify-path", "/api/v1/challenge/proof/verify")) {
            String join = target.indexOf('?') < 0 ? "?" : "&";
            assertAdmitted(Browser.at(gateway.port()).visit(target + join + PROOF + "=good"), target);
        }
    }
}
