package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import org.junit.jupiter.api.Test;

/** The challenges of the gateway itself, in a real browser. */
class ChallengeChromiumIT {

    @Test
    void aFirstVisitIsChallengedOnceAndThenSeesThePage() {
        try (HostedScene scene = HostedScene.with();
                Browser browser = Browser.start()) {
            BrowserPage tab = browser.open();

            tab.navigate(scene.url("/shop?a=1&b=%2F#part"));
            tab.awaitText(HostedScene.INSIDE);

            assertThat(tab.text()).contains("/shop?a=1&b=%2F#part");
            assertThat(tab.documents()).extracting(BrowserPage.Sent::status).containsExactly(403, 200);
            assertThat(scene.seenByOrigin()).contains("/shop?a=1&b=%2F").noneMatch(path -> path.contains("esper"));
            assertThat(scene.funnel("issued", "proof-of-work")).isEqualTo(1);
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(1);
        }
    }
}
