package com.esperr.gateway.bots;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.BotFacts.Method;
import com.esperr.gateway.request.BotFacts.Status;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BotsTest {
    private static final String GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    @TempDir
    private Path directory;

    private final VirtualTime time = new VirtualTime();
    private final ScriptedNames names = new ScriptedNames();

    private Bots bots(String text) {
        return Bots.asking(BotsConfigs.of(directory, text), names, time::nanos, time::millis);
    }

    private static BotFacts ask(Bots bots, String address, String userAgent) {
        return bots.of(
                Requests.get("/").from(address).with("User-Agent", userAgent).context());
    }

    /** What is known at the second request, when DNS has answered. */
    private BotFacts askTwice(Bots bots, String address, String userAgent) {
        assertThat(ask(bots, address, userAgent).status()).isEqualTo(Status.PENDING);
        names.answer();
        return ask(bots, address, userAgent);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void whoSaysNothingIsNoBotAndCostsNoQuestion() {
        try (Bots bots = bots("")) {
            assertThat(ask(bots, "192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"))
                    .isSameAs(BotFacts.NONE);
            assertThat(bots.of(Requests.get("/").context())).isSameAs(BotFacts.NONE);
            assertThat(names.questions).isEmpty();
        }
    }

    @Test
    void aNameThatHasTheAddressVerifies() {
        names.pointer("66.249.66.1", 3600, "crawl-66-249-66-1.googlebot.com")
                .addresses("crawl-66-249-66-1.googlebot.com", 3600, "66.249.66.1");
        try (Bots bots = bots("")) {
            assertThat(askTwice(bots, "66.249.66.1", GOOGLE))
                    .isEqualTo(new BotFacts("googlebot", Status.VERIFIED, Method.DNS, true));
            assertThat(names.questions).containsExactly("66.249.66.1", "crawl-66-249-66-1.googlebot.com");
            assertThat(bots.counts().verified(Method.DNS)).isEqualTo(1);
            assertThat(bots.counts().others(Status.PENDING)).isEqualTo(1);
            assertThat(bots.counts().lookups(BotCounts.Lookup.CONFIRMED)).isEqualTo(1);
            assertThat(bots.addresses()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Whoever owns an address writes its name: the name does not have the address.
        "crawl-1.googlebot.com, 198.51.100.99",
        "crawl-1.googlebot.com,",
        // Not below the domain, though it ends like it, or begins like it.
        "crawl.evilgooglebot.com, 192.0.2.66",
        "googlebot.com.evil.test, 192.0.2.66",
        "crawl.googlebot.com.evil.test, 192.0.2.66",
        "bc.googleusercontent.com, 192.0.2.66",
        // A name that is not a host's.
        "'evil.test .googlebot.com', 192.0.2.66",
        "'evil\\.googlebot.com', 192.0.2.66",
        // Another known bot's.
        "msnbot-1.search.msn.com, 192.0.2.66",
        // None at all.
        ", "
    })
    void whoseNameIsNotConfirmedIsAnImpostor(String name, String address) {
        names.pointer("192.0.2.66", 3600, name == null ? new String[0] : new String[] {name});
        if (name != null) {
            names.addresses(name, 3600, address == null ? new String[0] : new String[] {address});
        }
        try (Bots bots = bots("")) {
            assertThat(askTwice(bots, "192.0.2.66", GOOGLE))
                    .isEqualTo(new BotFacts("googlebot", Status.IMPOSTOR, null, false));
        }
    }

    @Test
    void nobodyHasTheGatewayAskTheNameServersOfHisChoice() {
        names.pointer("192.0.2.66", 3600, "attacker.test", "a.googlebot.com.attacker.test");
        try (Bots bots = bots("")) {
            askTwice(bots, "192.0.2.66", GOOGLE);
            assertThat(names.questions).containsExactly("192.0.2.66");
        }
    }

    @Test
    void ofManyNamesAFewAreLookedAt() {
        String[] many = new String[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = "h" + i + ".googlebot.com";
        }
        names.pointer("192.0.2.66", 3600, many);
        try (Bots bots = bots("")) {
            askTwice(bots, "192.0.2.66", GOOGLE);
            assertThat(names.questions).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"66.249.66.1", "crawl.googlebot.com"})
    void whenNobodyAnswersNobodyIsAnImpostor(String failing) {
        names.pointer("66.249.66.1", 3600, "crawl.googlebot.com")
                .addresses("crawl.googlebot.com", 3600, "66.249.66.1")
                .failing(failing);
        try (Bots bots = bots("")) {
            assertThat(askTwice(bots, "66.249.66.1", GOOGLE).status()).isEqualTo(Status.UNVERIFIED);
            time.pass(Duration.ofSeconds(61));
            assertThat(ask(bots, "66.249.66.1", GOOGLE).status()).isEqualTo(Status.PENDING);
        }
    }

    @Test
    void behindAProxyThatIsNotTrustedNobodyIsAnImpostor() {
        try (Bots bots = bots("")) {
            for (String inside : List.of(
                    "127.0.0.1", "10.0.0.3", "172.16.1.1", "192.168.0.9", "169.254.0.1", "::1", "fe80::1", "fd00::1")) {
                assertThat(ask(bots, inside, GOOGLE).status()).isEqualTo(Status.UNVERIFIED);
            }
            assertThat(names.questions).isEmpty();
        }
    }

    @Test
    void aPublishedRangeVerifiesWithoutAnyQuestion() throws IOException {
        Path file = file(
                "gptbot.json",
                "{\"creationTime\":\"2026-01-01\",\"prefixes\":[{\"ipv4Prefix\":\"192.0.2.0/25\"},{\"ipv6Prefix\":\"2001:db8:7::/48\"}]}");
        try (Bots bots = bots("known = [ { name = openai-gptbot, ranges = [ \"" + file + "\" ] } ]")) {
            assertThat(ask(bots, "192.0.2.77", "GPTBot/1.2"))
                    .isEqualTo(new BotFacts("openai-gptbot", Status.VERIFIED, Method.RANGE, true));
            assertThat(ask(bots, "2001:db8:7::1", "x gptBOT y").status()).isEqualTo(Status.VERIFIED);
            assertThat(ask(bots, "192.0.2.128", "GPTBot/1.2").status()).isEqualTo(Status.IMPOSTOR);
            assertThat(ask(bots, "192.0.2.77", "Mozilla/5.0")).isSameAs(BotFacts.NONE);
            assertThat(bots.networks()).isEqualTo(2);
            assertThat(names.questions).isEmpty();
        }
    }

    @Test
    void aClaimThatNothingIsKnownAboutIsNeitherTrueNorFalse() {
        try (Bots bots = bots("")) {
            assertThat(ask(bots, "192.0.2.77", "Twitterbot/1.0"))
                    .isEqualTo(new BotFacts("twitter", Status.UNVERIFIED, null, false));
        }
    }

    @Test
    void whoNeedsNoNameIsKnownByItsRange() throws IOException {
        Path wide = file("wide.txt", "# ours\n192.0.2.0/24\n");
        Path narrow = file("narrow.txt", "192.0.2.8/29 ; inner\n\n2001:db8::/32");
        try (Bots bots = bots("known = [ { name = wide, ranges = [ \"" + wide + "\" ] }, { name = narrow, ranges = [ \""
                + narrow + "\" ] } ]")) {
            assertThat(ask(bots, "192.0.2.9", "curl/8").name()).isEqualTo("narrow");
            assertThat(ask(bots, "192.0.2.77", "curl/8").name()).isEqualTo("wide");
            assertThat(ask(bots, "198.51.100.1", "curl/8")).isSameAs(BotFacts.NONE);
        }
    }

    @Test
    void whatABotGetsIsSaid() {
        names.pointer("66.249.66.1", 3600, "c.googlebot.com").addresses("c.googlebot.com", 3600, "66.249.66.1");
        try (Bots bots = bots("verified = as-visitors, pending = allow-unless-blocked")) {
            assertThat(ask(bots, "66.249.66.1", GOOGLE).spared()).isTrue();
            names.answer();
            assertThat(ask(bots, "66.249.66.1", GOOGLE).spared()).isFalse();
        }
    }

    @Test
    void withoutDnsNothingIsAsked() {
        try (Bots bots = bots("dns.enabled = false")) {
            assertThat(ask(bots, "66.249.66.1", GOOGLE).status()).isEqualTo(Status.UNVERIFIED);
            assertThat(names.questions).isEmpty();
        }
    }

    @Test
    void otherFilesComeIntoForceAndBrokenOnesDoNot() throws IOException {
        Path file = file("bot.txt", "192.0.2.0/25\n");
        BotsConfig config = BotsConfigs.of(
                directory, "known = [ { name = bot, user-agents = [ TestBot ], ranges = [ \"" + file + "\" ] } ]");
        try (BotFiles files = new BotFiles(config.known())) {
            assertThat(files.look()).isFalse();
            for (String broken : List.of(
                    "not a network\n",
                    "{\"prefixes\":[{}]}",
                    "{\"prefixes\":",
                    "",
                    "0.0.0.0/0\n",
                    "::/3\n",
                    "192.0.2.1/24")) {
                Files.writeString(file, broken);
                touch(file);
                assertThat(files.look()).as(broken).isFalse();
                assertThat(files.ranges().networks()).isEqualTo(1);
            }
            assertThat(files.refused()).isEqualTo(7);
            Files.writeString(file, "192.0.2.0/25\n198.51.100.0/24\n");
            touch(file);
            assertThat(files.look()).isTrue();
            assertThat(files.ranges().networks()).isEqualTo(2);
            Files.delete(file);
            assertThat(files.look()).isFalse();
            assertThat(files.ranges().networks()).isEqualTo(2);
        }
    }

    private int touched;

    /** File systems do not tell two writings within one tick apart. */
    private void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L + 1000L * touched++));
    }
}
