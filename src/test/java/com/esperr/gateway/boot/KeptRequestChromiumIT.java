package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser sends that is challenged: it arrives, once, and its user sees one challenge at the most. */
class KeptRequestChromiumIT {
    private static final String PAGE = """
            <!doctype html><title>app</title><script src="/.well-known/esper/retry.js"></script>
            <form id=plain method=post action="/closed/order?n=1"><input name=note value="a b&amp;c"></form>
            <form id=upload method=post action="/closed/upload" enctype="multipart/form-data">
              <input name=title value=photo><input type=file name=file></form>
            <p id=said>ready</p>
            <script>
              function attach() {
                var files = new DataTransfer();
                files.items.add(new File([new Uint8Array([0, 255, 10, 13, 65])], 'a.bin'));
                document.querySelector('[type=file]').files = files.files;
              }
              function call() {
                fetch('/closed/api', { method: 'POST', body: '{"a":1}', headers: { 'Content-Type': 'application/json' } })
                  .then(function (r) { return r.status + ' ' + r.headers.get('X-Done'); })
                  .then(function (text) { said.textContent = 'answer ' + text; });
              }
            </script>""";

    @TempDir
    private Path directory;

    private HostedScene scene;
    private Browser browser;

    @BeforeEach
    void start() throws IOException {
        Path policies = Files.writeString(directory.resolve("p.conf"), """
                policies = [ { policy_id = closed, clauses = [
                  { match { field = request_path, operator = starts_with, value = "/closed" }, mitigation = challenge } ] } ]
                """);
        scene = HostedScene.with("policies.path", policies.toString());
        scene.origin.on("/app", Behaviours.respond(200, PAGE, "Content-Type: text/html"));
        scene.origin.on("/closed/api", Behaviours.respond(200, "{}", "X-Done: yes"));
        browser = Browser.start();
    }

    @AfterEach
    void end() {
        browser.close();
        scene.close();
    }

    private List<ReceivedRequest> posts() {
        return scene.origin.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    private BrowserPage app() {
        BrowserPage tab = browser.open();
        tab.navigate(scene.url("/app"));
        tab.awaitText("ready");
        tab.forget();
        return tab;
    }

    private static long challenges(BrowserPage tab) {
        return tab.documents().stream().filter(sent -> sent.status() == 403).count();
    }

    @Test
    void aFormArrivesOnceAfterOneChallenge() {
        BrowserPage tab = app();
        tab.evaluate("plain.submit()");
        tab.awaitText(HostedScene.INSIDE);
        assertThat(challenges(tab)).isEqualTo(1);
        assertThat(posts()).singleElement().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/closed/order?n=1");
            assertThat(request.bodyText()).isEqualTo("note=a+b%26c");
            assertThat(request.header("origin")).isEqualTo(scene.url(""));
        });
        tab.reload();
        tab.awaitText(HostedScene.INSIDE);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void aFileArrivesAsItWas() {
        BrowserPage tab = app();
        tab.evaluate("attach(); upload.submit()");
        tab.awaitText(HostedScene.INSIDE);
        assertThat(challenges(tab)).isEqualTo(1);
        assertThat(posts()).singleElement().satisfies(request -> {
            assertThat(request.header("content-type")).startsWith("multipart/form-data; boundary=");
            assertThat(request.bodyText()).contains("photo", "filename=\"a.bin\"", "\u0000\u00ff\n\rA");
        });
    }

    @Test
    void aFormIsKeptAgainWhenThePassIsGone() {
        BrowserPage tab = app();
        tab.evaluate("plain.submit()");
        tab.awaitText(HostedScene.INSIDE);
        browser.forgetCookies();
        BrowserPage later = app();
        later.evaluate("plain.submit()");
        later.awaitText(HostedScene.INSIDE);
        assertThat(challenges(later)).isEqualTo(1);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void aFetchIsSentAgainBehindItsBack() {
        BrowserPage tab = app();
        tab.evaluate("call()");
        tab.awaitText("answer 200 yes");
        assertThat(tab.url()).isEqualTo(scene.url("/app"));
        assertThat(posts()).singleElement().satisfies(request -> {
            assertThat(request.target()).isEqualTo("/closed/api");
            assertThat(request.bodyText()).isEqualTo("{\"a\":1}");
        });
        tab.evaluate("said.textContent = ''; call()");
        tab.awaitText("answer 200 yes");
        assertThat(scene.funnel("issued", "proof-of-work")).isEqualTo(1);
    }

    @Test
    void severalFetchesAtOnceTakeOneChallenge() {
        BrowserPage tab = app();
        tab.evaluate("Promise.all([1,2,3,4,5].map(function (n) { return fetch('/closed/api?n=' + n); }))"
                + ".then(function (all) { said.textContent = 'all ' + all.map(function (r) { return r.status; }); })");
        tab.awaitText("all 200,200,200,200,200");
        assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(1);
    }
}
