package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrowserChromiumIT {

    @Test
    void loadsAPageRunsItsScriptAndTellsOfItsRequests() {
        String page = "<!doctype html><title>t</title><p id=p>before</p><script>p.textContent='after'</script>";
        try (TestOrigin origin = TestOrigin.start();
                Browser browser = Browser.start()) {
            origin.on("/page", Behaviours.respond(200, page, "Content-Type: text/html"));
            BrowserPage tab = browser.open();

            tab.navigate(origin.url() + "/page?x=1");

            assertThat(tab.text()).isEqualTo("after");
            assertThat(tab.documents())
                    .containsExactly(new BrowserPage.Sent("GET", origin.url() + "/page?x=1", "Document", 200));
            assertThat(tab.evaluate("navigator.cookieEnabled").asBoolean()).isTrue();
        }
    }

    @Test
    void canDoWithoutScriptsAndWithoutCookies() {
        String page = "<!doctype html><title>t</title><p id=p>before</p><script>p.textContent='after'</script>";
        try (TestOrigin origin = TestOrigin.start();
                Browser browser = Browser.withoutCookies()) {
            origin.on("/page", Behaviours.respond(200, page, "Content-Type: text/html", "Set-Cookie: a=b"));
            BrowserPage tab = browser.open();
            tab.withoutScripts();

            tab.navigate(origin.url() + "/page");

            assertThat(tab.text()).isEqualTo("before");
            assertThat(browser.cookies()).isEmpty();
        }
    }
}
