package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A device that changes between IPv4 and IPv6, as phones do, seen from behind a load balancer that tells its address. */
class AddressFamilyChromiumIT {
    private static final String FOUR = "198.51.100.23";
    private static final String SIX = "2001:db8:1:2::77";

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

    private static HostedScene scene(String binding) {
        return HostedScene.with("client.trusted-proxies", "loopback", "challenge.pass.binding", binding);
    }

    /** How many challenges somebody sees who comes to {@code url} from {@code address}. */
    private static long challenges(BrowserPage tab, String address, String url) {
        tab.call("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("X-Forwarded-For", address)));
        tab.forget();
        tab.navigate(url);
        tab.awaitText(HostedScene.INSIDE);
        tab.awaitText(url);
        return tab.documents().stream().filter(sent -> sent.status() == 403).count();
    }

    @Test
    void nobodyIsChallengedAgainForIt() {
        try (HostedScene scene = scene("user-agent")) {
            BrowserPage tab = browser.open();
            assertThat(challenges(tab, FOUR, scene.url("/a"))).isEqualTo(1);
            assertThat(challenges(tab, SIX, scene.url("/b"))).isZero();
            assertThat(challenges(tab, FOUR, scene.url("/c"))).isZero();
            assertThat(scene.funnel("issued", "proof-of-work")).isEqualTo(1);
        }
    }

    @Test
    void whereThePassKnowsTheNetworkHeIsOnceForEachFamily() {
        try (HostedScene scene = scene("network")) {
            BrowserPage tab = browser.open();
            assertThat(challenges(tab, FOUR, scene.url("/a"))).isEqualTo(1);
            assertThat(challenges(tab, SIX, scene.url("/b"))).isEqualTo(1);
            assertThat(challenges(tab, FOUR, scene.url("/c"))).isZero();
            assertThat(challenges(tab, SIX, scene.url("/d"))).isZero();
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(2);
        }
    }
}
