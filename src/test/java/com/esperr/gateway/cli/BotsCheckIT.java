package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.TestDns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BotsCheckIT {
    private static final String GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1)";

    private final TestDns dns = TestDns.start();

    @AfterEach
    void stop() {
        dns.close();
    }

    private Ran check(String... more) {
        String[] arguments = new String[more.length + 6];
        String[] first = {
            "bots", "check", "--set", "bots.dns.servers=" + dns.authority(), "--set", "bots.dns.timeout=300ms"
        };
        System.arraycopy(first, 0, arguments, 0, first.length);
        System.arraycopy(more, 0, arguments, first.length, more.length);
        return Ran.command(arguments);
    }

    @Test
    void eachStepOfAProofIsSaid() {
        dns.pointer("66.249.66.1", 60, "crawl.googlebot.com").addresses("crawl.googlebot.com", 60, "66.249.66.1");
        Ran ran = check("66.249.66.1", GOOGLE);
        assertThat(ran.out())
                .containsExactly(
                        "user agent says googlebot",
                        "ranges     66.249.66.1 is in none of 0 networks",
                        "ranges     none are configured for googlebot; its owner publishes them at"
                                + " https://developers.google.com/static/search/apis/ipranges/googlebot.json",
                        "dns        name of 66.249.66.1: crawl.googlebot.com",
                        "dns        addresses of crawl.googlebot.com: 66.249.66.1",
                        "result     verified: googlebot, by dns");
        assertThat(ran.code()).isZero();
    }

    @Test
    void aSpoofedNameIsShown() {
        dns.pointer("192.0.2.66", 60, "crawl.googlebot.com").addresses("crawl.googlebot.com", 60, "66.249.66.1");
        Ran ran = check("192.0.2.66", GOOGLE);
        assertThat(ran.out())
                .contains(
                        "dns        addresses of crawl.googlebot.com: 66.249.66.1, not 192.0.2.66",
                        "result     impostor: it is not googlebot");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void aNameOfSomebodyElseIsNotAskedAbout() {
        dns.pointer("192.0.2.66", 60, "host.attacker.test");
        assertThat(check("192.0.2.66", GOOGLE).out())
                .contains(
                        "dns        name of 192.0.2.66: host.attacker.test",
                        "dns        not in a domain of a known bot");
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void whenNobodyAnswersNothingIsProved() {
        dns.silentAbout("66.249.66.1");
        Ran ran = check("66.249.66.1", GOOGLE);
        assertThat(ran.out()).contains("result     not verified: nothing proves that it is googlebot");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void aRangeIsEnoughAndAUserAgentIsNot(@TempDir Path directory) throws IOException {
        Path ranges = Files.writeString(directory.resolve("r.txt"), "192.0.2.0/24\n");
        Path file = Files.writeString(
                directory.resolve("g.conf"),
                "bots.known = [ { name = openai-gptbot, ranges = [ \"" + ranges + "\" ] } ]");
        assertThat(check("-c", file.toString(), "192.0.2.5", "GPTBot/1.2").out())
                .contains("result     verified: openai-gptbot, by range");
        assertThat(check("-c", file.toString(), "198.51.100.5", "GPTBot/1.2").out())
                .contains("result     impostor: it is not openai-gptbot");
        assertThat(check("198.51.100.5", "GPTBot/1.2").code()).isEqualTo(1);
        assertThat(check("198.51.100.5").out()).contains("user agent none given", "result     no known bot");
    }

    @Test
    void whatIsNoAddressIsRefused() {
        Ran ran = check("googlebot.com", GOOGLE);
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .containsExactly("address: googlebot.com (expected: an IP address such as 192.0.2.10 or 2001:db8::1)");
    }
}
