package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A challenge that Esper hosts, from the first redirect to the pass, and what may go wrong on the way. */
class ManagedChallengeIT extends ChallengeScene {
    @Test
    void whoPassesOnceIsNotAskedAboutAgain() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            assertChallenged(browser.visit("/basket?b=%20+x&a=1"));
            RawResponse back = browser.visit("/basket?b=%20+x&" + PROOF + "=good-1&a=1");
            assertAdmitted(back, "/basket?b=%20+x&a=1");
            assertThat(back.header("cache-control")).isEqualTo("no-store");
            assertThat(back.headers().only("set-cookie"))
                    .matches(
                            "esper_challenge_[0-9a-f]{6}=[A-Za-z0-9_-]{1,250}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
            for (int i = 0; i < 3; i++) {
                RawResponse page = browser.visit("/basket?b=%20+x&a=1");
                assertThat(page.status()).isEqualTo(200);
                assertThat(page.headers().has("set-cookie")).isFalse();
            }
            assertThat(browser.fetch("/api").status()).isEqualTo(200);
            assertThat(esper.decisionCalls()).hasSize(1);
            assertThat(verifications()).isEqualTo(1);
            assertThat(origin.requests()).hasSize(4);
            assertThat(origin.requests().get(0).target()).isEqualTo("/basket?b=%20+x&a=1");
            assertThat(origin.requests().get(0).headers().only("cookie")).isEqualTo("sid=1; last=2");
            assertSeesNothing(origin.requests());
            assertThat(gateway.metrics().sum("esper_passes_total", "result=valid"))
                    .isEqualTo(4);
            assertThat(gateway.metrics().sum("esper_passes_total", "result=issued"))
                    .isEqualTo(1);
            await().untilAsserted(() -> assertThat(
                            gateway.metrics().sum("esper_decisions_total", "source=pass", "action=allow"))
                    .isEqualTo(5));
            await().untilAsserted(() -> assertThat(gateway.metrics().sum("esper_requests_total", "outcome=admitted"))
                    .isEqualTo(1));
        }
    }

    @Test
    void overHttpsTheCookieBelongsToTheHostAlone() {
        try (TestGateway gateway = gateway()) {
            RawResponse back = Browser.at(gateway.port())
                    .ask("GET", "/?" + PROOF + "=good", "Accept: text/html", "X-Forwarded-Proto: https");
            assertThat(back.headers().only("set-cookie"))
                    .matches("__Host-esper_challenge_[0-9a-f]{6}=.*; Path=/; .*; Secure");
        }
    }

    @Test
    void twoTabsAndAllTheirPartsPassTogether() throws InterruptedException, ExecutionException {
        ExecutorService tabs = Executors.newFixedThreadPool(8);
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            List<Future<RawResponse>> pages = new ArrayList<>();
            // All are challenged before the first of them has a pass that would spare the others theirs.
            CyclicBarrier challenged = new CyclicBarrier(8);
            for (int i = 0; i < 8; i++) {
                String page = "/page" + i;
                pages.add(tabs.submit(() -> {
                    RawResponse first = browser.visit(page);
                    challenged.await(30, TimeUnit.SECONDS);
                    assertChallenged(first);
                    assertAdmitted(browser.visit(page + "?" + PROOF + "=good" + page), page);
                    return browser.visit(page);
                }));
            }
            for (Future<RawResponse> page : pages) {
                assertThat(page.get().status()).isEqualTo(200);
            }
            List<Future<RawResponse>> parts = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                parts.add(tabs.submit(() -> browser.fetch("/part")));
            }
            for (Future<RawResponse> part : parts) {
                assertThat(part.get().status()).isEqualTo(200);
                assertThat(part.get().headers().has("set-cookie")).isFalse();
            }
            assertThat(esper.decisionCalls()).hasSizeLessThanOrEqualTo(8);
        } finally {
            tabs.shutdownNow();
        }
    }

    @Test
    void withoutCookiesTheThirdRedirectIsAMessageInstead() {
        try (TestGateway gateway = gateway()) {
            Browser browser = new Browser(gateway.port(), "Firefox", "198.51.100.23", false);
            for (int round = 0; round < 2; round++) {
                assertChallenged(browser.visit("/page"));
                assertAdmitted(browser.visit("/page?" + PROOF + "=good" + round), "/page");
            }
            RawResponse end = browser.visit("/page");
            assertThat(end.status()).isEqualTo(403);
            assertThat(end.headers().has("location")).isFalse();
            assertThat(end.bodyText()).contains("Please allow cookies");
            assertThat(end.header("retry-after")).isEqualTo("120");
            // Neither his neighbour nor his other pages suffer.
            assertChallenged(new Browser(gateway.port(), "Chrome", "198.51.100.23", false).visit("/page"));
            assertChallenged(browser.visit("/other"));
            assertThat(gateway.metrics().sum("esper_challenge_loops_total")).isEqualTo(1);
        }
    }

    @Test
    void badProofsEndInTheSameMessage() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            assertChallenged(browser.visit("/page"));
            assertChallenged(browser.visit("/page?" + PROOF + "=bad"));
            assertThat(browser.visit("/page?" + PROOF + "=bad").status()).isEqualTo(403);
        }
    }

    @Test
    void aBadProofIsDroppedAndTheRequestIsDecidedOnAsUsual() {
        esper.answer(EsperReply.allow());
        try (TestGateway gateway = gateway("esper.headers", "referer", "esper.cookies", "*", "beacon.mode", "off")) {
            Browser browser = Browser.at(gateway.port());
            RawResponse page = browser.ask(
                    "GET",
                    "/page?a&" + PROOF + "=bad&b",
                    "Accept: text/html",
                    "Referer: http://shop.test/?" + PROOF + "=goodly&x",
                    "Cookie: esper_challenge=good; other=1");
            assertThat(page.bodyText()).isEqualTo("GET /page?a&b\n");
            assertThat(origin.onlyRequest().header("referer")).isEqualTo("http://shop.test/?x");
            assertSeesNothing(origin.requests());
            assertThat(esper.decisionCalls()).hasSize(1);
            assertThat(esper.decisionCalls().get(0).json().toString())
                    .contains("\"other\":\"1\"", "\"return_url\":\"http://shop.test/page?a&b\"")
                    .doesNotContain("good", "esper_challenge");
            assertThat(gateway.metrics().sum("esper_proofs_total", "result=invalid"))
                    .isEqualTo(1);
        }
    }

    @Test
    void severalProofsAreNone() {
        try (TestGateway gateway = gateway()) {
            assertChallenged(Browser.at(gateway.port()).visit("/?" + PROOF + "=good&" + PROOF + "=good2"));
            assertThat(verifications()).isZero();
        }
    }

    @Test
    void whatIsNoNavigationIsGivenNoPass() {
        esper.answer(EsperReply.allow());
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            String target = "/a?" + PROOF + "=good";
            for (RawResponse answer : List.of(
                    browser.fetch(target),
                    browser.ask("POST", target, "Accept: text/html", "Content-Length: 0"),
                    browser.ask("GET", target, "Accept: image/webp", "Sec-Fetch-Dest: image"),
                    browser.ask("PUT", target, "Content-Length: 0"))) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers().has("set-cookie")).isFalse();
            }
            assertThat(verifications()).isZero();
            assertThat(origin.requests())
                    .hasSize(4)
                    .allMatch(seen -> seen.target().equals("/a"));
            assertAdmitted(browser.ask("HEAD", target, "Accept: text/html"), "/a");
        }
    }

    @Test
    void whoHasAPassIsOnlySentToTheCleanAddress() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            browser.visit("/?" + PROOF + "=good");
            Map<String, String> pass = browser.jar();
            RawResponse again = browser.visit("/a?" + PROOF + "=good");
            assertAdmitted(again, "/a");
            assertThat(again.headers().has("set-cookie")).isFalse();
            assertThat(browser.jar()).isEqualTo(pass);
            assertThat(verifications()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void noFaultOfEsperMakesAPassAndEachEndsInItsCell(Fault fault) {
        try (TestGateway gateway = gateway("challenge.verify-timeout", "300ms", "decision.timeout", "300ms")) {
            esper.answer(EsperReply.allow());
            esper.inject(fault, 20);
            Browser browser = Browser.at(gateway.port());
            RawResponse answer = browser.visit("/page?" + PROOF + "=good");
            // Failed questions are open here, and so is a question that is answered.
            if (fault.kinds().contains(Fault.Kind.HARMLESS) || fault.kinds().contains(Fault.Kind.CHALLENGE_UNUSABLE)) {
                assertThat(answer.headers().has("set-cookie")).isFalse();
            } else {
                assertThat(answer.bodyText()).isEqualTo("GET /page\n");
                assertThat(origin.onlyRequest().header("esper-decision")).startsWith("fail-open; reason=decision_");
            }
            assertThat(browser.jar()).isEmpty();
        } finally {
            esper.heal();
            esper.forget();
        }
    }

    @Test
    void aFailedVerificationIsClosedWhereTheTableSaysSo() {
        try (TestGateway gateway = gateway("failure.normal.server-error", "closed")) {
            esper.answerProof(json -> EsperReply.status(500));
            Browser browser = Browser.at(gateway.port());
            RawResponse answer = browser.visit("/page?" + PROOF + "=good");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("esper-mitigated")).isEqualTo("block");
            assertThat(origin.requests()).isEmpty();
            assertThat(gateway.metrics().sum("esper_proofs_total", "result=failed"))
                    .isEqualTo(1);
        }
    }
}
