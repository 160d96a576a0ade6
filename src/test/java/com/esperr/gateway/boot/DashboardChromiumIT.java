package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.BrowserPage;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator looks at the dashboard and acts on it, in a real browser. */
class DashboardChromiumIT {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
    private static final String VISITOR = "198.51.100.77";

    private DashboardScene scene;
    private BrowserPage page;

    @BeforeEach
    void open() {
        scene = DashboardScene.with();
        page = scene.page;
        page.looks(1280, 900, false, false);
        scene.open();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void numbersFollowTheLoadAndNothingIsFetchedFromElsewhere() {
        assertThat(page.text()).contains("Nothing yet. Requests that are blocked");
        visits(40);
        page.awaitTrue(
                "[...document.querySelectorAll('#tiles .number')].slice(0, 4).every(n => parseFloat(n.textContent) > 0)");
        page.awaitTrue("document.querySelector('#decisions-chart .l.c-allow').getAttribute('d').length > 20");
        page.awaitTrue("/local/.test(document.querySelector('#causes').textContent)");
        page.awaitTrue("row('#policy-table', 'scanners').cells[5].textContent === '10'".replace("row(", ROW));
        page.awaitTrue("row('#policy-table', 'prices-watched').cells[2].textContent === '10'".replace("row(", ROW));
        page.awaitTrue("document.querySelectorAll('#recent-table tbody tr').length === 20");
        page.awaitTrue("document.getElementById('card-funnel').textContent.includes('Challenge funnel')");
        page.awaitTrue("document.getElementById('card-beacon').textContent.includes('Taken by Esper')");
        page.awaitTrue("document.getElementById('card-origins').textContent.includes('● up')");
        assertThat(page.requests())
                .isNotEmpty()
                .allSatisfy(sent -> assertThat(sent.url()).startsWith(scene.admin() + "/"))
                .allSatisfy(sent -> assertThat(sent.status()).isIn(0, 200));
        assertThat(page.console()).isEmpty();
    }

    @Test
    void failuresAreCountedByReason() {
        assertThat(page.text()).contains("No request and no question has failed");
        scene.origin.stop();
        assertThat(scene.visit("/", VISITOR, FIREFOX).status()).isEqualTo(502);
        page.awaitTrue("row('#failure-table', 'origin connect').cells[2].textContent === '1'".replace("row(", ROW));
        page.awaitTrue("row('#failure-table', 'origin connect').cells[3].textContent === '1'".replace("row(", ROW));
    }

    @Test
    void aMitigationOrderedHereBlocksUntilItIsRemovedHere() {
        assertThat(scene.visit("/", VISITOR, FIREFOX).status()).isEqualTo(200);
        scene.click("#add summary");
        page.evaluate("choose = (id, value) => { const s = document.getElementById(id); s.value = value;"
                + " s.dispatchEvent(new Event('change', { bubbles: true })); }");
        page.evaluate("choose('entity', 'address')");
        scene.type("#entity-fields input", VISITOR);
        scene.type("#reason", "price scraping");
        scene.type("#operator", "ada");
        scene.click("#add-form button");
        page.awaitText("In force: block of " + VISITOR + ".");
        page.awaitTrue("document.querySelector('#mitigation-table tbody').textContent.includes('price scraping')");
        assertThat(scene.visit("/", VISITOR, FIREFOX).status()).isEqualTo(403);
        assertThat(scene.visit("/", "198.51.100.78", FIREFOX).status()).isEqualTo(200);

        scene.type("#search", "no such visitor");
        page.awaitText("Nothing active matches “no such visitor”.");
        scene.type("#search", "SCRAPING");
        page.awaitText("1 found.");

        scene.click("#mitigation-table button");
        page.awaitText("Really?");
        assertThat(scene.visit("/", VISITOR, FIREFOX).status()).isEqualTo(403);
        scene.click("#mitigation-table button");
        page.awaitText("Removed: client_ip " + VISITOR + ".");
        assertThat(scene.visit("/", VISITOR, FIREFOX).status()).isEqualTo(200);
        assertThat(page.console()).isEmpty();
    }

    @Test
    void whatCannotBeOrderedIsSaidAtTheForm() {
        scene.click("#add summary");
        page.evaluate("document.getElementById('decision').value = 'block'");
        scene.type("#entity-fields input", "not an address");
        scene.type("#operator", "ada");
        page.evaluate(
                "document.getElementById('lifetime').value = 9999; document.getElementById('unit').value = 86400");
        scene.click("#add-form button");
        page.awaitTrue("document.getElementById('add-wrong').textContent");
        assertThat(page.evaluate("document.getElementById('add-wrong').textContent")
                        .asText())
                .contains("lifetime_seconds");
    }

    @Test
    void aReferenceLeadsToItsExplanationAndBack() {
        assertThat(scene.visit("/.env", VISITOR, "curl/8.14.1").status()).isEqualTo(403);
        page.awaitTrue("document.querySelector('#recent-table a')");
        page.evaluate("document.querySelector('#recent-table a').focus()");
        page.press("Enter");
        page.awaitTrue("document.getElementById('explain').open");
        page.awaitTrue("document.getElementById('explain-text').textContent.includes('scanners')");
        assertThat(page.evaluate("document.getElementById('explain').contains(document.activeElement)")
                        .asBoolean())
                .isTrue();
        key("Escape", 27);
        page.awaitTrue("!document.getElementById('explain').open");
        page.awaitTrue("document.activeElement.dataset.reference");
        String link =
                page.evaluate("document.querySelector('#recent-table a').href").asText();
        page.navigate(link);
        assertThat(page.text()).contains("reference:", "/.env");
    }

    @Test
    void theKeyboardAloneIsEnough() {
        page.press("Tab");
        assertThat(focused("className")).isEqualTo("skip");
        page.press("Enter");
        page.awaitTrue("document.activeElement.id === 'main'");
        tabTo("#add summary");
        page.press("Enter");
        page.awaitTrue("document.getElementById('add').open");
        tabTo("#entity-fields input");
        page.call("Input.insertText", Map.of("text", VISITOR));
        tabTo("#operator");
        page.call("Input.insertText", Map.of("text", "ada"));
        page.press("Enter");
        page.awaitText("In force: block of " + VISITOR);
        page.evaluate("document.getElementById('search').focus()");
        tabTo("#mitigation-table button");
        page.press("Enter");
        page.press("Enter");
        page.awaitText("Removed:");
        page.awaitTrue("document.activeElement.id === 'search'");
    }

    @Test
    void whatVisitorsWriteIsTextAndNothingElse() {
        String markup = "<img src=x onerror=window.taken=1><script>window.taken=2</script>";
        assertThat(scene.visit("/.env/%3Cimg%20src=x%20onerror=window.taken=3%3E", VISITOR, markup)
                        .status())
                .isEqualTo(403);
        page.awaitTrue("document.querySelector('#recent-table .agent').textContent.includes('<img src=x onerror')");
        page.evaluate("document.querySelector('#recent-table a').click()");
        page.awaitTrue("document.getElementById('explain-text').textContent.includes('<img src=x onerror')");
        page.evaluate("document.getElementById('explain').close()");
        String added = page.evaluate(
                        "fetch('/mitigations', { method: 'POST', headers: { 'X-Esper-Operator': 'ada' }, body:"
                                + " JSON.stringify({ entity: 'ip-user-agent', fields: { client_ip: '" + VISITOR
                                + "', user_agent: '"
                                + markup.replace("</", "<\\/")
                                + "' }, decision: 'block', lifetime_seconds: 60, reason: '<b>bold</b>' }) })"
                                + ".then(answer => answer.status + '')")
                .asText();
        assertThat(added).isEqualTo("201");
        page.awaitTrue("document.querySelector('#mitigation-table tbody').textContent.includes('<b>bold</b>')");
        assertThat(page.evaluate("document.querySelectorAll('main img, main b:not(.legend b), main script').length")
                        .asInt())
                .isZero();
        assertThat(page.evaluate("typeof window.taken").asText()).isEqualTo("undefined");
        assertThat(page.console()).isEmpty();
    }

    @Test
    void theConfigurationIsShownWithoutItsSecrets() {
        scene.click("#config summary");
        page.awaitTrue("document.getElementById('config-keys').textContent.includes('esper.api-key')");
        String keys = page.evaluate("document.getElementById('config-keys').textContent")
                .asText();
        assertThat(keys).contains("***", "policies.path").doesNotContain("test-key-7f3a1c", "5e5e5e");
        scene.type("#config-filter", "admin.dash");
        page.awaitTrue("document.getElementById('config-keys').textContent.trim().split('\\n').length === 3");
    }

    @Test
    void assistiveTechnologyFindsLandmarksNamesAndNumbers() {
        visits(20);
        page.awaitTrue("document.querySelectorAll('#recent-table tbody tr').length > 3");
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })");
        JsonNode nodes = page.call("Accessibility.getFullAXTree", Map.of()).path("nodes");
        List<String> roles = new ArrayList<>();
        for (JsonNode node : nodes) {
            String role = node.path("role").path("value").asText();
            String name = node.path("name").path("value").asText();
            if (node.path("ignored").asBoolean()) {
                continue;
            }
            roles.add(role);
            if (List.of(
                                    "button",
                                    "link",
                                    "textbox",
                                    "searchbox",
                                    "combobox",
                                    "spinbutton",
                                    "image",
                                    "region",
                                    "navigation",
                                    "heading",
                                    "figure")
                            .contains(role)
                    && !role.equals("figure")) {
                assertThat(name).as(node.toString()).isNotBlank();
            }
        }
        assertThat(roles).contains("banner", "main", "navigation", "status", "table", "columnheader", "rowheader");
        assertThat(page.evaluate("document.querySelectorAll('h1').length").asInt())
                .isEqualTo(1);
        assertThat(page.evaluate("document.documentElement.lang").asText()).isEqualTo("en");
        // What changes every second must not be read out every second.
        assertThat(page.evaluate("[...document.querySelectorAll('[role=status], [role=alert], [aria-live]')]"
                                + ".filter(e => e.querySelector('.number, table, svg')).length")
                        .asInt())
                .isZero();
    }

    @Test
    void everyTextCanBeReadLightAndDark() {
        visits(20);
        page.awaitTrue("document.querySelectorAll('#recent-table tbody tr').length > 3");
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })");
        for (boolean dark : new boolean[] {false, true}) {
            page.looks(1280, 900, false, dark);
            JsonNode weak = page.evaluate(CONTRAST);
            assertThat(weak).as(dark ? "dark" : "light").isEmpty();
        }
    }

    private void visits(int count) {
        String[] paths = {"/", "/.env", "/sign-up", "/prices"};
        for (int i = 0; i < count; i++) {
            var unused = scene.visit(paths[i % paths.length], "198.51.100." + (i + 1), FIREFOX);
        }
    }

    private String focused(String property) {
        return page.evaluate("document.activeElement." + property).asText();
    }

    /** Presses Tab until the focus is there. */
    private void tabTo(String selector) {
        for (int i = 0; i < 80; i++) {
            page.press("Tab");
            if (page.evaluate("document.activeElement.matches('" + selector + "')")
                    .asBoolean()) {
                return;
            }
        }
        throw new AssertionError(selector + ": not reached by Tab");
    }

    private void key(String key, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            page.call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    /** The row of a table that begins with a text. */
    private static final String ROW =
            "((table, text) => [...document.querySelectorAll(table + ' tbody tr')].find(row => row.cells[0].textContent === text))(";

    /** Texts whose contrast with what is behind them is below that of WCAG AA. */
    private static final String CONTRAST = """
            (() => {
              const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
              const light = ([r, g, b]) => {
                const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * x + 0.7152 * y + 0.0722 * z;
              };
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const c = parse(getComputedStyle(e).backgroundColor);
                  if (c.length === 3 || c[3] === 1) return c;
                }
                return [255, 255, 255];
              };
              const weak = [];
              const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest('noscript')) continue;
                const style = getComputedStyle(e);
                const a = light(parse(e.closest('svg') ? style.fill : style.color));
                const b = light(behind(e));
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) weak.push(walk.currentNode.data.trim() + ' ' + ratio.toFixed(2));
              }
              return weak;
            })()
            """;
}
