package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChromiumIT {

    @Test
    void aBrowserGetsPagesScriptsAndAnswersToItsCalls() {
        String page = "<!doctype html><title>t</title><p id=p></p><script src=/code.js></script>";
        String code = "fetch('/data', {method: 'POST', body: 'x'.repeat(100000)}).then(r => r.text())"
                + ".then(text => { p.textContent = text })";
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()));
                Browser browser = Browser.start()) {
            origin.on("/page", Behaviours.respond(200, page, "Content-Type: text/html"));
            origin.on("/code.js", Behaviours.respond(200, code, "Content-Type: text/javascript"));
            origin.on("/data", Behaviours.respond(200, "written by the origin", "Content-Type: text/plain"));
            BrowserPage tab = browser.open();

            tab.navigate("http://127.0.0.1:" + gateway.port() + "/page");

            tab.awaitText("written by the origin");
            assertThat(tab.requests())
                    .filteredOn(one -> one.status() != 200)
                    .noneMatch(one -> !one.url().endsWith(".ico"));
        }
    }
}
