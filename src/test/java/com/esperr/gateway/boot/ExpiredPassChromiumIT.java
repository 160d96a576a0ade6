package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pass that ends while its visitor fills in a form: what he has written arrives, once, after one more challenge. */
class ExpiredPassChromiumIT {
    private static final String POLICIES = """
            policies = [ { policy_id = closed, clauses = [
              { match { field = request_path, operator = starts_with, value = "/closed" }, mitigation = challenge } ] } ]
            """;
    private static final String PAGE = """
            <!doctype html><title>app</title><p>ready</p>
            <form id=plain method=post action="/closed/order"><input name=note value=""></form>""";

    @TempDir
    private Path directory;

    @Test
    void whatWasWrittenMeanwhileArrivesOnceAfterOneChallenge() throws IOException {
        String policies =
                Files.writeString(directory.resolve("p.conf"), POLICIES).toString();
        // Long enough for a slow browser to come back from the challenge.
        try (HostedScene scene = HostedScene.with("policies.path", policies, "challenge.hosted.lifetime", "15s");
                Browser browser = Browser.start()) {
            scene.origin.on("/app", Behaviours.respond(200, PAGE, "Content-Type: text/html"));
            BrowserPage tab = browser.open();
            tab.navigate(scene.url("/closed/first"));
            tab.awaitText(HostedScene.INSIDE);
            tab.navigate(scene.url("/app"));
            tab.awaitText("ready");
            tab.evaluate("plain.note.value = 'a long letter'");
            tab.forget();

            await().atMost(Duration.ofMinutes(2)).until(() -> !hasPass(browser));
            tab.evaluate("plain.submit()");
            tab.awaitText(HostedScene.INSIDE);

            assertThat(tab.documents().stream().filter(sent -> sent.status() == 403))
                    .hasSize(1);
            List<ReceivedRequest> posts = scene.origin.requests().stream()
                    .filter(request -> request.method().equals("POST"))
                    .toList();
            assertThat(posts)
                    .singleElement()
                    .satisfies(post -> assertThat(post.bodyText()).isEqualTo("note=a+long+letter"));
            assertThat(scene.funnel("solved", "proof-of-work")).isEqualTo(2);
        }
    }

    /** A browser drops a cookie when its time is over, as the pass in it is. */
    private static boolean hasPass(Browser browser) {
        return browser.cookies().keySet().stream().anyMatch(name -> !name.endsWith("_seen"));
    }
}
