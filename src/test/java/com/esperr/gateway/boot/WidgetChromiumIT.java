package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestOrigin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other people's widgets, played by a script and a service of this test. */
class WidgetChromiumIT {
    private static final String GOOD = "{\"success\":true}";
    private static Browser browser;

    private final TestOrigin vendor = TestOrigin.start();

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
        vendor.close();
    }

    private HostedScene scene(String provider, String cssClass) {
        String script = "var box = document.querySelector('." + cssClass + "');"
                + "box.textContent = 'widget of ' + box.dataset.sitekey; window[box.dataset.callback]('an answer & more');";
        vendor.on("/api.js", Behaviours.respond(200, script, "Content-Type: text/javascript"));
        String section = "challenge.hosted." + provider + ".";
        return HostedScene.with(
                "challenge.hosted.providers",
                provider + ",proof-of-work",
                section + "site-key",
                "the-site",
                section + "secret",
                "a secret",
                section + "verify-url",
                vendor.url() + "/siteverify",
                section + "script-url",
                vendor.url() + "/api.js");
    }

    @ParameterizedTest
    @CsvSource({"turnstile, cf-turnstile", "hcaptcha, h-captcha", "recaptcha, g-recaptcha"})
    void whatTheWidgetAnswersIsVerifiedWithWhoHoldsIt(String provider, String cssClass) {
        vendor.on("/siteverify", Behaviours.respond(200, GOOD, "Content-Type: application/json"));
        try (HostedScene scene = scene(provider, cssClass)) {
            BrowserPage tab = browser.open();

            tab.navigate(scene.url("/shop"));
            tab.awaitText(HostedScene.INSIDE);

            ReceivedRequest asked = vendor.requests().stream()
                    .filter(request -> request.path().equals("/siteverify"))
                    .findFirst()
                    .orElseThrow();
            assertThat(asked.bodyText()).isEqualTo("secret=a+secret&response=an+answer+%26+more&remoteip=127.0.0.1");
            assertThat(scene.funnel("solved", provider)).isEqualTo(1);
            assertThat(scene.funnel("skipped", provider)).isZero();
        }
    }

    @Test
    void oneThatDoesNotAnswerIsPassedOverAndLocksNobodyOut() {
        vendor.on("/siteverify", Behaviours.respond(500, "oops"));
        try (HostedScene scene = scene("turnstile", "cf-turnstile")) {
            BrowserPage tab = browser.open();

            tab.navigate(scene.url("/shop"));
            tab.awaitText(HostedScene.INSIDE);

            assertThat(scene.metrics()
                            .sum("esper_challenges_rejected_total", "provider=turnstile", "reason=unavailable"))
                    .isEqualTo(1);
            assertThat(scene.funnel("skipped", "turnstile")).isEqualTo(1);
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(1);
        }
    }
}
