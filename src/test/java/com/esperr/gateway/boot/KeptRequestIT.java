package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.RedisServer;
import com.esperr.gateway.testkit.TestGateway;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody has sent who has to pass a challenge first: it is done when he has, once, and for nobody else. */
class KeptRequestIT extends ChallengeScene {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String OWN = "Origin: http://shop.test";
    private static final String RESUME = "esper_challenge_resume=";

    /** Where somebody is sent who has submitted a form, and has come back with a proof. */
    private static String returned(Browser browser, String target, String proof) {
        char join = target.indexOf('?') < 0 ? '?' : '&';
        RawResponse back = browser.visit(target + join + PROOF + '=' + proof);
        assertThat(back.status()).as("%s", back).isEqualTo(302);
        return back.headers().only("location");
    }

    private void assertKept(RawResponse challenged) {
        assertThat(challenged.status()).as("%s", challenged).isEqualTo(303);
        assertThat(challenged.headers().only("set-cookie"))
                .startsWith("esper_challenge_kept_")
                .contains("; HttpOnly", "; SameSite=Lax", "; Path=/");
        assertThat(posts()).isEmpty();
    }

    private List<ReceivedRequest> posts() {
        return origin.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "/checkout, application/x-www-form-urlencoded, a=1&b=%2F+c",
        "/checkout?step=2&x=%2f, application/x-www-form-urlencoded, ''",
        "/upload, multipart/form-data; boundary=X, '--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n\u00ff\u0000\u0001\r\n--X--\r\n'",
        "/note, text/plain, a=b",
    })
    void itReachesTheOriginOnceAsItWas(String target, String type, String body) {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            assertKept(browser.submit(target, type, body, OWN, "Referer: http://shop.test/form"));
            String location = returned(browser, target, "good");
            assertThat(location).startsWith(target).contains(RESUME);
            RawResponse done = browser.visit(location);
            assertThat(done.bodyText()).isEqualTo("POST " + target + "\n");
            assertThat(posts()).singleElement().satisfies(request -> {
                assertThat(request.target()).isEqualTo(target);
                assertThat(request.bodyText()).isEqualTo(body);
                assertThat(request.headers().only("content-type")).isEqualTo(type);
                assertThat(request.headers().only("origin")).isEqualTo("http://shop.test");
                assertThat(request.headers().only("referer")).isEqualTo("http://shop.test/form");
                assertThat(request.headers().only("cookie")).isEqualTo("sid=1; last=2");
            });
            assertSeesNothing(origin.requests());
            RawResponse again = browser.visit(location);
            assertAdmitted(again, target);
            assertThat(browser.visit(target).bodyText()).isEqualTo("GET " + target + "\n");
            assertThat(posts()).hasSize(1);
            assertThat(gateway.metrics().sum("esper_kept_requests_total", "result=resumed"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aBodyOfUnknownLengthIsKeptAsWell() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            RawResponse challenged = browser.chunked("/a", FORM, "a=1", OWN);
            assertKept(challenged);
            browser.visit(returned(browser, "/a", "good"));
            assertThat(posts()).singleElement().satisfies(request -> {
                assertThat(request.bodyText()).isEqualTo("a=1");
                assertThat(request.headers().only("content-length")).isEqualTo("3");
                assertThat(request.headers().has("transfer-encoding")).isFalse();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.test",
                "Origin: null",
                "Origin: http://shop.test:81",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "X-No: origin",
            })
    void whatAnotherSiteMadeTheBrowserSendIsNeverKept(String line) {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            RawResponse challenged = browser.submit("/transfer", FORM, "to=evil", line);
            assertThat(challenged.status()).isEqualTo(303);
            assertThat(challenged.headers().has("set-cookie")).isFalse();
            assertThat(returned(browser, "/transfer", "good")).isEqualTo("/transfer");
            browser.visit("/transfer");
            assertThat(posts()).isEmpty();
        }
    }

    @Test
    void nobodyElseGetsItAndNothingOfItIsLostByTrying() {
        try (TestGateway gateway = gateway()) {
            Browser alice = Browser.at(gateway.port());
            assertKept(alice.submit("/transfer", FORM, "to=alice", OWN));
            String location = returned(alice, "/transfer", "good-1");
            Browser mallory = new Browser(gateway.port(), "Chrome", "203.0.113.9", true);
            assertKept(mallory.submit("/transfer", FORM, "to=mallory", OWN));
            String lure = returned(mallory, "/transfer", "good-2");
            assertAdmitted(mallory.visit(location), "/transfer");
            assertAdmitted(alice.visit(lure), "/transfer");
            for (String forged : List.of(
                    "", "0", "00000000", location.substring(location.length() - 8), "%00", "a&" + RESUME + "b")) {
                RawResponse answer = alice.visit("/transfer?" + RESUME + forged);
                assertAdmitted(answer, "/transfer");
            }
            assertThat(posts()).isEmpty();
            // For another page than it was sent to it is nothing either, and then it is gone.
            assertThat(alice.visit(location).bodyText()).isEqualTo("POST /transfer\n");
            assertThat(posts())
                    .singleElement()
                    .satisfies(request -> assertThat(request.bodyText()).isEqualTo("to=alice"));
        }
    }

    @Test
    void itIsDoneAtTheUrlItWasSentToOnly() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            assertKept(browser.submit("/a", FORM, "x=1", OWN));
            String location = returned(browser, "/a", "good");
            assertAdmitted(browser.visit(location.replace("/a?", "/b?")), "/b");
            assertThat(posts()).isEmpty();
        }
    }

    @Test
    void withoutAPassNothingIsTakenUpAndAfterThePassItIs() {
        try (TestGateway gateway = gateway()) {
            Browser browser = Browser.at(gateway.port());
            assertKept(browser.submit("/a", FORM, "x=1", OWN));
            String location = returned(browser, "/a", "good-1");
            Browser lost = Browser.at(gateway.port());
            Map<String, String> kept = new HashMap<>(browser.jar());
            kept.keySet().removeIf(name -> !name.contains("_kept_"));
            lost.learn(kept);
            assertChallenged(lost.visit(location));
            assertThat(posts()).isEmpty();
            assertThat(lost.visit(returned(lost, "/a", "good-2")).bodyText()).isEqualTo("POST /a\n");
        }
    }

    @Test
    void whatIsTooLargeIsSaidBeforeTheChallenge() {
        try (TestGateway gateway = gateway("challenge.kept-requests.bytes", "1 KiB")) {
            Browser browser = Browser.at(gateway.port());
            RawResponse told = browser.submit("/a", FORM, "x=" + "y".repeat(2000), OWN);
            assertThat(told.status()).isEqualTo(403);
            assertThat(told.headers().has("location")).isFalse();
            assertThat(told.headers().has("set-cookie")).isFalse();
            assertThat(told.bodyText()).contains("too large", esper.url() + "/c");
            RawResponse streamed = browser.chunked("/a", FORM, "x=" + "y".repeat(2000), OWN);
            assertThat(streamed.status()).isEqualTo(403);
            assertThat(streamed.bodyText()).contains("too large");
            assertThat(gateway.metrics().sum("esper_kept_requests_total", "result=too_large"))
                    .isEqualTo(2);
        }
    }

    @Test
    void whatAScriptSendsIsItsOwnToSendAgain() {
        try (TestGateway gateway = gateway()) {
            RawResponse told = Browser.at(gateway.port())
                    .submit("/api", "application/json", "{}", OWN, "X-Requested-With: XMLHttpRequest");
            assertThat(told.status())
                    .as("a form after all, as the browser says")
                    .isEqualTo(303);
            RawResponse fetched =
                    Browser.at(gateway.port()).ask("POST", "/api", "Sec-Fetch-Mode: cors", "Content-Length: 0", OWN);
            assertThat(fetched.status()).isEqualTo(403);
            assertThat(fetched.headers().has("set-cookie")).isFalse();
        }
    }

    @Test
    void theRoomIsBoundedAndGivenBack() {
        try (TestGateway gateway = gateway("challenge.kept-requests.all-bytes", "2 KiB")) {
            Browser first = Browser.at(gateway.port());
            assertKept(first.submit("/a", FORM, "x=" + "1".repeat(1000), OWN));
            Browser second = Browser.at(gateway.port());
            assertKept(second.submit("/a", FORM, "x=" + "2".repeat(1000), OWN));
            assertThat(gateway.metrics().sum("esper_kept_requests_bytes")).isBetween(1000.0, 2048.0);
            assertThat(gateway.metrics().sum("esper_kept_requests_dropped_total"))
                    .isEqualTo(1);
            assertAdmitted(first.visit(returned(first, "/a", "good-1")), "/a");
            assertThat(second.visit(returned(second, "/a", "good-2")).bodyText())
                    .isEqualTo("POST /a\n");
            assertThat(gateway.metrics().sum("esper_kept_requests_bytes")).isZero();
        }
    }

    @Test
    void gatewaysThatShareARedisTakeItUpForEachOther() {
        String[] shared;
        try (RedisServer redis = RedisServer.start()) {
            shared = new String[] {
                "state.store",
                "redis",
                "state.redis.url",
                redis.url(),
                "state.redis.timeout",
                "5s",
                "challenge.pass.key",
                "5e".repeat(32)
            };
            try (TestGateway one = gateway(shared);
                    TestGateway two = gateway(shared)) {
                for (TestGateway each : List.of(one, two)) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> each.metrics().sum("esper_state_connected") == 1);
                }
                Browser browser = Browser.at(one.port());
                assertKept(browser.submit("/a", FORM, "x=1", OWN));
                Browser there = Browser.at(two.port());
                there.learn(browser.jar());
                String location = returned(there, "/a", "good");
                browser.learn(there.jar());
                assertThat(there.visit(location).bodyText()).isEqualTo("POST /a\n");
                assertAdmitted(browser.visit(location), "/a");
                assertThat(posts()).hasSize(1);
            }
        }
    }

    @Test
    void aBlockIsABlockWhateverWasKept() {
        try (TestGateway gateway = gateway()) {
            esper.answer(json -> EsperReply.json("{\"action\":\"block\"}"));
            RawResponse blocked = Browser.at(gateway.port()).submit("/a", FORM, "x=1", OWN);
            assertThat(blocked.status()).isEqualTo(403);
            assertThat(blocked.headers().has("set-cookie")).isFalse();
        }
    }
}
