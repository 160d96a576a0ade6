package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.TestOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever guesses answers to a widget makes the gateway ask its vendor a few times a page, and no more. */
class WrongAnswerIT {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int GUESSES = 10;

    private final TestOrigin vendor = TestOrigin.start()
            .otherwise(Behaviours.respond(
                    200,
                    "{\"success\":false,\"error-codes\":[\"invalid-input-response\"]}",
                    "Content-Type: application/json"));

    @AfterEach
    void close() {
        vendor.close();
    }

    private static void guess(Browser browser, String ticket) {
        for (int i = 0; i < GUESSES; i++) {
            String body = ticket.replace("method=button", "method=turnstile") + "&answer=guess" + i + "&to=/";
            assertThat(browser.submit(HostedScene.CHALLENGE, FORM, body).status())
                    .isEqualTo(303);
        }
    }

    @Test
    void aTicketIsAnsweredWronglyAFewTimes() {
        String section = "challenge.hosted.turnstile.";
        try (HostedScene scene = HostedScene.with(
                "challenge.hosted.providers",
                "turnstile,button",
                section + "site-key",
                "site",
                section + "secret",
                "s",
                section + "verify-url",
                vendor.url() + "/siteverify")) {
            Browser browser = Browser.at(scene.gateway.port());
            String ticket = ChallengeForm.pressed(browser.visit("/").bodyText());
            guess(browser, ticket);
            assertThat(vendor.requests()).hasSize(3);
            assertThat(scene.metrics().sum("esper_challenges_rejected_total", "provider=turnstile", "reason=wrong"))
                    .isEqualTo(3);
            assertThat(scene.metrics().sum("esper_challenges_rejected_total", "provider=turnstile", "reason=exhausted"))
                    .isEqualTo(GUESSES - 3);

            String fresh = ChallengeForm.pressed(browser.visit("/other").bodyText());
            guess(browser, fresh);
            assertThat(vendor.requests()).hasSize(6);
        }
    }
}
