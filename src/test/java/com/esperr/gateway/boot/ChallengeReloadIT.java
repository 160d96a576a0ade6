package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestDns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that challenges people and knows bots, and whose ways with both change while they are there. */
class ChallengeReloadIT {
    private static final String GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private static final String CRAWLER = "66.249.66.1";

    @TempDir
    private Path directory;

    private static String challenge(String more) {
        return "policies.path = [ \"src/test/resources/config/challenge.conf\" ]\n"
                + "challenge.hosted.providers = [ button ]\n" + more;
    }

    /** The load says of no browser, and so is not challenged. */
    private static String ask(String method, String target, String userAgent, String lines) {
        return method + ' ' + target + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + userAgent
                + "\r\nAccept: text/html\r\n" + lines;
    }

    private static String cookie(RawResponse response) {
        return "Cookie: " + response.headers().only("set-cookie").split(";")[0] + "\r\n";
    }

    private static RawResponse answer(ReloadScene scene, RawResponse page) {
        String body = ChallengeForm.pressed(page.bodyText()) + "&to=%2F";
        return scene.ask(ask(
                "POST",
                HostedScene.CHALLENGE,
                "a",
                cookie(page) + "Content-Length: " + body.length() + "\r\n\r\n" + body));
    }

    @Test
    void challengesThatVisitorsHaveAndPassesThatTheyGotStillCount() {
        try (ReloadScene scene = new ReloadScene(directory, challenge(""))) {
            RawResponse page = scene.ask(ask("GET", "/", "a", "\r\n"));
            assertThat(page.status()).isEqualTo(403);
            RawResponse other = scene.ask(ask("GET", "/", "a", "\r\n"));
            String pass = cookie(answer(scene, other));
            assertThat(scene.ask(ask("GET", "/", "a", pass + "\r\n")).status()).isEqualTo(200);

            String next = "challenge.hosted { status = 429, lifetime-by-hand = 20m }\n"
                    + "challenge.kept-requests.bytes = 2 MiB\nchallenge.pass.levels.button = 2\n";
            scene.change(challenge(next));
            assertThat(scene.ask(ask("GET", "/", "a", "\r\n")).status()).isEqualTo(429);
            assertThat(scene.ask(ask("GET", "/", "a", pass + "\r\n")).status()).isEqualTo(200);
            RawResponse late = answer(scene, page);
            assertThat(late.status()).isEqualTo(303);
            assertThat(scene.ask(ask("GET", "/", "a", cookie(late) + "\r\n")).status())
                    .isEqualTo(200);
            assertThat(scene.gateway().metrics().sum("esper_challenges_solved_total"))
                    .isEqualTo(2);
            assertThat(scene.gateway().metrics().sum("esper_passes_total", "result=issued"))
                    .isEqualTo(2);

            scene.refuse(challenge(next + "challenge.hosted.time = 0s\n"), "challenge.hosted.time: 0s");
            assertThat(scene.ask(ask("GET", "/", "a", "\r\n")).status()).isEqualTo(429);
            scene.finish();
        }
    }

    @Test
    void whatWasAnsweredWrongBeforeCountsForTheSameTicket() {
        String work = "challenge.hosted.providers = [ proof-of-work, button ]\n";
        try (ReloadScene scene = new ReloadScene(directory, challenge(work))) {
            RawResponse page = scene.ask(ask("GET", "/", "a", "\r\n"));
            for (int i = 0; i < 3; i++) {
                wrong(scene, page);
            }
            assertThat(rejected(scene, "wrong")).isEqualTo(3);
            scene.change(challenge(work + "challenge.hosted.status = 429\n"));
            wrong(scene, page);
            assertThat(rejected(scene, "wrong")).isEqualTo(3);
            assertThat(rejected(scene, "exhausted")).isEqualTo(1);
            scene.finish();
        }
    }

    private static void wrong(ReloadScene scene, RawResponse page) {
        String body = ChallengeForm.pressed(page.bodyText()).replace("method=button", "method=proof-of-work")
                + "&answer=none&to=%2F";
        scene.ask(ask(
                "POST",
                HostedScene.CHALLENGE,
                "a",
                cookie(page) + "Content-Length: " + body.length() + "\r\n\r\n" + body));
    }

    private static double rejected(ReloadScene scene, String reason) {
        return scene.gateway().metrics().sum("esper_challenges_rejected_total", "reason=" + reason);
    }

    @Test
    void keysThatWereReplacedInTheirFileCountNoMore() throws IOException {
        Path file = directory.resolve("pass.keys");
        Files.writeString(file, "old " + "1a".repeat(32) + '\n');
        String keys = challenge("challenge.pass.key-file = \"" + file + "\"\n");
        try (ReloadScene scene = new ReloadScene(directory, keys, Map.of("challenge.pass.key", ""))) {
            RawResponse page = scene.ask(ask("GET", "/", "a", "\r\n"));
            String pass = cookie(answer(scene, scene.ask(ask("GET", "/", "a", "\r\n"))));
            String shown = ask("GET", "/", "a", pass + "\r\n");
            assertThat(scene.ask(shown).status()).isEqualTo(200);

            Files.writeString(file, "new " + "2b".repeat(32) + '\n');
            assertThat(scene.reload(keys).get("result").asText()).isEqualTo("ok");
            assertThat(scene.ask(shown).status()).isEqualTo(403);
            answer(scene, page);
            assertThat(scene.gateway().metrics().sum("esper_passes_total", "result=issued"))
                    .isEqualTo(1);
            String next = cookie(answer(scene, scene.ask(ask("GET", "/", "a", "\r\n"))));
            String other = ask("GET", "/", "a", next + "\r\n");
            assertThat(scene.ask(other).status()).isEqualTo(200);

            Files.writeString(file, "not a key\n");
            scene.refuse(keys, "challenge.pass.key-file");
            assertThat(scene.ask(other).status()).isEqualTo(200);
            Files.delete(file);
            assertThat(scene.reload(keys).get("result").asText()).isEqualTo("ok");
            assertThat(scene.ask(other).status()).isEqualTo(200);
            scene.finish();
        }
    }

    @Test
    void whatDnsHasSaidOfABotIsKnownUnderOtherTermsAsWell() {
        try (TestDns dns = TestDns.start()) {
            dns.pointer(CRAWLER, 3600, "crawl-66-249-66-1.googlebot.com")
                    .addresses("crawl-66-249-66-1.googlebot.com", 3600, CRAWLER);
            String bots = challenge(
                    "bots.dns.servers = [ \"" + dns.authority() + "\" ]\n" + "client.trusted-proxies = [ loopback ]\n");
            String crawl = ask("GET", "/", GOOGLE, "X-Forwarded-For: " + CRAWLER + "\r\n\r\n");
            try (ReloadScene scene = new ReloadScene(directory, bots)) {
                await().until(() -> scene.ask(crawl).status() == 200);
                scene.change(bots + "bots.verified = as-visitors\n");
                assertThat(scene.ask(crawl).status()).isEqualTo(403);
                scene.change(bots + "bots.pending = allow-unless-blocked\n");
                assertThat(scene.ask(crawl).status()).isEqualTo(200);
                assertThat(dns.questions().stream().filter(question -> question.contains("1.66.249.66")))
                        .hasSize(1);
                scene.refuse(bots + "bots.known = [ { name = \"?\" } ]\n", "bots.known");
                scene.finish();
            }
        }
    }
}
