package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms that another site has a visitor's browser send to a challenge: they do not keep him from any page. */
class SentByAnotherSiteIT {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int TIMES = 5;

    private HostedScene scene;
    private Browser victim;

    @BeforeEach
    void start() {
        scene = HostedScene.with("challenge.hosted.providers", "button");
        victim = new Browser(scene.gateway.port(), "Firefox", "198.51.100.23", false);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private String ticket() {
        return ChallengeForm.pressed(victim.visit("/y").bodyText());
    }

    private void send(String form, String... fields) {
        for (int i = 0; i < TIMES; i++) {
            victim.submit(HostedScene.CHALLENGE, FORM, form + "&to=/x", fields);
        }
    }

    private boolean isChallenged() {
        return victim.visit("/x").bodyText().contains("name=\"ticket\"");
    }

    @Test
    void whatAnotherSiteSendsDoesNotCount() {
        String ticket = ticket();
        send(ticket, "Sec-Fetch-Site: cross-site", "Origin: https://evil.test");
        send(ticket, "Sec-Fetch-Site: same-site", "Origin: http://www.shop.test");
        send(ticket, "Origin: https://evil.test");
        send(ticket, "Origin: https://evil-shop.test");
        assertThat(isChallenged()).isTrue();
    }

    @Test
    void whatHasNoTicketDoesNotCount() {
        send("method=button");
        send("method=button&ticket=made-up", "Origin: null");
        assertThat(isChallenged()).isTrue();
    }

    @Test
    void whatAPageOfOursSendsCounts() {
        send(ticket(), "Sec-Fetch-Site: same-origin", "Origin: null");
        assertThat(isChallenged()).isFalse();
    }

    @Test
    void whatABrowserSendsThatTellsNothingCounts() {
        send(ticket(), "Origin: null");
        assertThat(isChallenged()).isFalse();
    }
}
