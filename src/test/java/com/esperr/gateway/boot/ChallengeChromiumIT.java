package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The challenges of the gateway itself, in a real browser: whatever a visitor does, he sees one at the most. */
class ChallengeChromiumIT {
    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void end() {
        browser.close();
    }

    @AfterEach
    void forget() {
        browser.forgetCookies();
    }

    @Test
    void aFirstVisitIsChallengedOnceAndThenSeesThePage() {
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage tab = browser.open();

            tab.navigate(scene.url("/shop?a=1&b=%2F#part"));
            tab.awaitText(HostedScene.INSIDE);

            assertThat(tab.text()).contains("/shop?a=1&b=%2F#part");
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 200);
            assertThat(scene.seenByOrigin()).contains("/shop?a=1&b=%2F").noneMatch(path -> path.contains("esper"));
            assertThat(scene.funnel("issued", "proof-of-work")).isEqualTo(1);
            assertThat(scene.funnel("loaded", "proof-of-work")).isEqualTo(1);
            assertThat(scene.funnel("submitted", "proof-of-work")).isEqualTo(1);
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(1);
            assertThat(tab.console()).noneMatch(line -> line.contains("Content Security Policy"));
        }
    }

    @Test
    void reloadingAndGoingBackMeetNoOtherChallenge() {
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage tab = browser.open();
            tab.navigate(scene.url("/a"));
            tab.awaitText(HostedScene.INSIDE);
            // The challenge is no step of its own in the history: about:blank and the page.
            assertThat(tab.evaluate("history.length").asInt()).isEqualTo(2);

            tab.reload();
            tab.awaitText(HostedScene.INSIDE);
            tab.navigate(scene.url("/b"));
            tab.awaitText("/b");
            tab.back();
            tab.awaitTrue("location.pathname === '/a'");
            tab.awaitText(HostedScene.INSIDE);

            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsOnlyOnce(403);
        }
    }

    @Test
    void twoTabsAreChallengedOnceEach() {
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage one = browser.open();
            BrowserPage other = browser.open();

            one.navigate(scene.url("/one"));
            other.navigate(scene.url("/other"));

            for (BrowserPage tab : new BrowserPage[] {one, other}) {
                tab.awaitText(HostedScene.INSIDE);
                assertThat(tab.documents())
                        .filteredOn(sent -> sent.status() == 403)
                        .hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void fiftySubresourcesComeWithThePage() {
        StringBuilder page = new StringBuilder("<!doctype html><title>t</title><h1>Gallery</h1>");
        for (int i = 0; i < 50; i++) {
            page.append("<img src=/picture/").append(i).append(".svg>");
        }
        try (HostedScene scene = HostedScene.with()) {
            scene.origin.on("/gallery", Behaviours.respond(200, page.toString(), "Content-Type: text/html"));
            BrowserPage tab = browser.open();

            tab.navigate(scene.url("/gallery"));
            tab.awaitText("Gallery");
            tab.awaitTrue("document.readyState === 'complete'");

            assertThat(tab.requests())
                    .filteredOn(sent -> sent.url().contains("/picture/"))
                    .hasSize(50)
                    .allMatch(sent -> sent.status() == 200);
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 200);
        }
    }

    @Test
    void withoutJavaScriptAButtonIsPressed() {
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage tab = browser.open();
            tab.withoutScripts();

            tab.navigate(scene.url("/shop"));
            tab.awaitText("Press the button");
            tab.click("button");

            tab.awaitText(HostedScene.INSIDE);
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 303, 200);
            assertThat(scene.funnel("solved", "button")).isEqualTo(1);
        }
    }

    @Test
    void theButtonIsReachedWithTheKeyboardAlone() {
        try (HostedScene scene = HostedScene.with("challenge.hosted.providers", "button")) {
            BrowserPage tab = browser.open();
            tab.navigate(scene.url("/shop"));

            tab.press("Tab");
            assertThat(tab.evaluate("document.activeElement.tagName").asText()).isEqualTo("BUTTON");
            tab.press("Enter");

            tab.awaitText(HostedScene.INSIDE);
        }
    }

    @Test
    void aPageThatGoesOnByItselfNeedsNobody() {
        try (HostedScene scene =
                HostedScene.with("challenge.hosted.providers", "refresh", "challenge.hosted.wait", "1s")) {
            BrowserPage tab = browser.open();
            tab.withoutScripts();

            tab.navigate(scene.url("/shop?x=%26"));

            tab.awaitText(HostedScene.INSIDE);
            assertThat(tab.url()).isEqualTo(scene.url("/shop?x=%26"));
            assertThat(scene.funnel("solved", "refresh")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "window.Worker = undefined",
                "window.Worker = function () { throw new Error('refused') }",
                "window.Worker = function () { setTimeout(() => this.onerror(new Event('error')), 0) };"
                        + "Worker.prototype.postMessage = Worker.prototype.terminate = function () {}",
                "window.Worker = function () {};"
                        + "Worker.prototype.postMessage = Worker.prototype.terminate = function () {}",
            })
    void withoutWorkersThePageDoesTheWork(String missing) {
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage tab = browser.open();
            tab.beforeEachPage(missing);

            tab.navigate(scene.url("/shop"));

            tab.awaitText(HostedScene.INSIDE);
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 200);
        }
    }

    @Test
    void aBrowserThatKeepsNoCookiesIsToldSoOnce() {
        try (HostedScene scene = HostedScene.with();
                Browser forgetful = Browser.withoutCookies()) {
            BrowserPage tab = forgetful.open();
            tab.navigate(scene.url("/shop"));
            tab.awaitText("Please allow cookies");
            assertThat(tab.documents()).hasSize(1);

            BrowserPage simple = forgetful.open();
            simple.withoutScripts();
            simple.navigate(scene.url("/shop"));
            simple.click("button");
            simple.awaitText("Please allow cookies");
            assertThat(simple.documents()).hasSize(2);
            assertThat(scene.metrics().sum("esper_challenges_rejected_total", "provider=button", "reason=cookies"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aPassOutlivesTheKeyThatItWasSignedUnder() {
        String old = "0a".repeat(32);
        BrowserPage tab = browser.open();
        try (HostedScene scene = HostedScene.with("challenge.pass.key", old)) {
            tab.navigate(scene.url("/shop"));
            tab.awaitText(HostedScene.INSIDE);
        }
        tab.forget();
        // A cookie knows no ports, so the browser shows its pass to the next gateway as well.
        try (HostedScene scene =
                HostedScene.with("challenge.pass.key", "0b".repeat(32), "challenge.pass.previous-key", old)) {
            tab.navigate(scene.url("/shop"));
            tab.awaitText(HostedScene.INSIDE);
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(200);
        }
        tab.forget();
        try (HostedScene scene = HostedScene.with("challenge.pass.key", "0c".repeat(32))) {
            tab.navigate(scene.url("/shop"));
            tab.awaitText(HostedScene.INSIDE);
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 200);
        }
    }

    /** A slow phone: a quarter of this processor, no workers. What it takes depends on the machine, so it is printed. */
    @Test
    void aSlowBrowserIsNotHeldUpForLong() {
        int visits = Integer.getInteger("challenge.visits", 5);
        try (HostedScene scene = HostedScene.with()) {
            BrowserPage tab = browser.open();
            tab.beforeEachPage("window.Worker = undefined");
            double[] seconds = new double[visits];
            double before = 0;
            for (int i = 0; i < visits; i++) {
                tab.slowedDown(4);
                tab.navigate(scene.url("/shop/" + i));
                tab.awaitText(HostedScene.INSIDE);
                double sum = scene.metrics().sum("esper_challenge_seconds_sum", "provider=proof-of-work");
                seconds[i] = sum - before;
                before = sum;
                browser.forgetCookies();
            }
            Arrays.sort(seconds);
            System.out.printf(
                    "proof of work, processor slowed down 4 times, no workers: %d visits, median %.2f s, 95th %.2f s%n",
                    visits, seconds[visits / 2], seconds[(int) Math.ceil(visits * 0.95) - 1]);
            assertThat(scene.funnel("issued", "proof-of-work")).isEqualTo(visits);
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(visits);
        }
    }
}
