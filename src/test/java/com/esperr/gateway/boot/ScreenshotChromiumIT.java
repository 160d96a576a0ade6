package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What every page looks like, on a desk and on a phone, light and dark; the pictures are left in {@code target/screenshots}. */
class ScreenshotChromiumIT {
    private static final Path PICTURES = Path.of("target", "screenshots");

    @Test
    void everyPageFitsEveryScreen() throws IOException {
        Files.createDirectories(PICTURES);
        try (HostedScene hard = HostedScene.with(
                        "challenge.hosted.proof-of-work.bits", "28",
                        "challenge.hosted.proof-of-work.budget", "20s",
                        "pages.name", "Harbour Books",
                        "pages.contact", "mailto:hello@books.example");
                HostedScene simple = HostedScene.with("challenge.hosted.providers", "button");
                HostedScene blocked = HostedScene.with("policies.path", "src/test/resources/config/block.conf");
                Browser browser = Browser.start()) {
            BrowserPage tab = browser.open();
            shots(tab, hard.url("/"), "challenge", "Harbour Books");
            shots(tab, simple.url("/"), "button", "Press the button");
            shots(tab, blocked.url("/"), "block", "Access denied");
            tab.languages("ar");
            shots(tab, hard.url("/"), "challenge-ar", "Harbour Books");
            tab.languages("ja");
            shots(tab, blocked.url("/"), "block-ja", "アクセス");
        }
        try (HostedScene simple = HostedScene.with("challenge.hosted.providers", "button");
                Browser browser = Browser.withoutCookies()) {
            BrowserPage tab = browser.open();
            tab.navigate(simple.url("/"));
            tab.click("button");
            tab.awaitText("Please allow cookies");
            shots(tab, "", "cookies", "Please allow cookies");
        }
    }

    private static void shots(BrowserPage tab, String url, String name, String wanted) {
        for (boolean dark : new boolean[] {false, true}) {
            for (boolean phone : new boolean[] {false, true}) {
                tab.looks(phone ? 360 : 800, phone ? 640 : 560, phone, dark);
                if (!url.isEmpty()) {
                    tab.navigate(url);
                }
                tab.awaitText(wanted);
                String file = name + (phone ? "-phone" : "") + (dark ? "-dark" : "") + ".png";
                tab.screenshot(PICTURES.resolve(file));
                assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
                                .asBoolean())
                        .as(file)
                        .isTrue();
            }
        }
    }
}
