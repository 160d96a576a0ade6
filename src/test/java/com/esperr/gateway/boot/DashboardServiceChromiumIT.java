package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of a decision service: four numbers of its own, mitigations of each tenant, and its configuration. */
class DashboardServiceChromiumIT {
    private static final String EVENT = "/api/v1/beacon/event";

    @TempDir
    private Path directory;

    @Test
    void itShowsWhatIsAskedAndMitigationsOfTheTenantThatIsChosen() {
        try (Browser browser = Browser.start();
                TestService service = TestService.start(directory, Map.of())) {
            BrowserPage page = browser.open();
            page.looks(1280, 900, false, false);
            page.navigate("http://127.0.0.1:" + service.service().adminPort() + "/dashboard");
            page.awaitTrue("document.getElementById('link').textContent === 'Live'");
            page.awaitText("decision service");
            String trap = Questions.event("shop", "t", "/trap", "198.51.100.2", "curl/8");
            assertThat(service.post("shop", EVENT, trap).statusCode()).isLessThan(300);
            assertThat(service.post("", EVENT, trap).statusCode()).isEqualTo(401);

            page.awaitTrue(
                    "[...document.querySelectorAll('#decisions-chart .l')].every(l => /[1-9]/.test(l.getAttribute('d') || ''))");
            page.awaitTrue("document.querySelectorAll('#vendor .tile').length === 4");
            page.awaitTrue("document.querySelector('#vendor .tile:nth-child(3) .unit').textContent !== ''");
            assertThat(page.evaluate("document.getElementById('recent').hidden").asBoolean())
                    .isTrue();

            choose(page, "shop");
            page.awaitTrue("document.querySelector('#mitigation-table tbody').textContent.includes('198.51.100.2')");
            choose(page, "bank");
            page.awaitText("Nobody is being blocked or challenged by a mitigation.");
            page.awaitTrue("document.querySelector('#policy-table').textContent.includes('shop: later')");
            page.evaluate("document.getElementById('config').open = true");
            page.awaitTrue("document.getElementById('config-facts').textContent.includes('Needs a restart')");
            page.awaitTrue("document.getElementById('config-keys').textContent.includes('server.keys-file')");
        }
    }

    private static void choose(BrowserPage page, String tenant) {
        page.awaitTrue("document.getElementById('scope')?.checkVisibility()");
        page.evaluate("(() => { const scope = document.getElementById('scope'); scope.value = '" + tenant
                + "'; scope.dispatchEvent(new Event('change')); })()");
    }
}
