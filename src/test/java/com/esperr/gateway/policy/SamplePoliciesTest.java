package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies in conf/policies do what their comments say. */
class SamplePoliciesTest {
    private static final Path SAMPLES = Path.of("conf", "policies");
    private static final String BROWSER =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36";

    private static PolicyEngine engine(String file) {
        LoadedPolicies loaded = PolicyLoader.load(List.of(SAMPLES.resolve(file)));
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.warnings()).isEmpty();
        return Sample.engine(loaded.policies());
    }

    private static Sample.Request browse(String target) {
        return Sample.get(target).with("User-Agent", BROWSER).with("Accept", "text/html");
    }

    @Test
    void bothCanBeInForceTogether() {
        LoadedPolicies loaded = PolicyLoader.load(List.of(SAMPLES));
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.policies().count()).isEqualTo(6);
        assertThat(loaded.policies().needsChallengeUrl()).isFalse();
    }

    @Test
    void theDemonstrationShowsOneOfEachKind() {
        PolicyEngine engine = engine("demo.conf");
        assertThat(browse("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").with("User-Agent", "BadBot/2").ask(engine).word())
                .isEqualTo("block");
        assertThat(Sample.get("/").ask(engine).decision.cause().observed()).isEqualTo(Action.BLOCK);
        Decision.Challenge challenge =
                (Decision.Challenge) browse("/challenge-me").ask(engine).decision;
        assertThat(challenge.redirectUrl())
                .startsWith("/challenge?return_url=http%3A%2F%2Fshop.test%2Fchallenge-me&reference=");
        assertThat(browse("/challenge?return_url=x").ask(engine).word()).isEqualTo("abstained");
    }

    @Test
    void theSixthSearchWithinTenSecondsIsOneTooMany() {
        PolicyEngine engine = engine("demo.conf");
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            words.add(browse("/search?q=" + i).at(Sample.NOW + i).ask(engine).word());
        }
        assertThat(words)
                .startsWith("abstained")
                .endsWith("abstained", "block", "block")
                .hasSize(7);
        assertThat(words.indexOf("block")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/app/.ENV",
                "/.env.local",
                "/.git/config",
                "/.git",
                "/wp-login.php",
                "/blog/wp-login.php",
                "/xmlrpc.php",
                "/%2eenv"
            })
    void theStarterStopsScanners(String path) {
        assertThat(browse(path).ask(engine("starter.conf")).word()).isEqualTo("block");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/login",
                "/environment",
                "/docs/git/",
                "/.well-known/acme-challenge/x",
                "/search?q=.env",
                "/x.git-info"
            })
    void theStarterLeavesVisitorsAlone(String target) {
        assertThat(browse(target).ask(engine("starter.conf")).word()).isEqualTo("abstained");
    }

    @Test
    void theStarterStopsPasswordGuessing() {
        PolicyEngine engine = engine("starter.conf");
        for (int i = 1; i < 20; i++) {
            assertThat(login(i, BROWSER).ask(engine).word()).as("try %d", i).isEqualTo("abstained");
        }
        assertThat(login(20, BROWSER).ask(engine).word()).isEqualTo("block");
        assertThat(browse("/login").ask(engine).word()).isEqualTo("abstained");
    }

    @Test
    void theStarterWatchesGuessersWhoChangeTheirBrowser() {
        PolicyEngine engine = engine("starter.conf");
        Sample.Answer last = null;
        for (int i = 1; i <= 50; i++) {
            last = login(i, "browser " + i).ask(engine);
        }
        assertThat(last.word()).isEqualTo("allow");
        assertThat(last.decision.cause().observed()).isEqualTo(Action.CHALLENGE);
    }

    @ParameterizedTest
    @CsvSource({
        "Mozilla/5.0 (compatible; GPTBot/1.2), GET, '', AI crawlers",
        "Mozilla/5.0 (compatible; Googlebot/2.1), GET, sid=1, not the crawler it says it is",
        "Mozilla/5.0 (compatible; Googlebot/2.1), POST, '', not the crawler it says it is"
    })
    void theStarterOnlyWatchesCrawlers(String agent, String method, String cookie, String clause) {
        Sample.Request request = Sample.get("/").method(method).with("User-Agent", agent);
        Sample.Answer answer =
                (cookie.isEmpty() ? request : request.with("Cookie", cookie)).ask(engine("starter.conf"));
        assertThat(answer.word()).isEqualTo("allow");
        assertThat(answer.decision.cause().clause()).isEqualTo(clause);
    }

    @Test
    void aTrueCrawlerIsNotEvenNoted() {
        Sample.Request google = Sample.get("/").with("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)");
        assertThat(google.ask(engine("starter.conf")).word()).isEqualTo("abstained");
    }

    private static Sample.Request login(int i, String agent) {
        return Sample.get("/login").method("POST").at(Sample.NOW + i * 100L).with("User-Agent", agent);
    }
}
