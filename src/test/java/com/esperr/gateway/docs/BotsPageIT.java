package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.TestDns;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Asks about a visitor as {@code docs/bots.md} does; only the name server is another. */
class BotsPageIT {
    private static final String JAVA = "java -jar target/esper-gateway.jar ";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @Test
    void theCheckSaysThatItIsTheCrawler() {
        PageSteps steps = PageSteps.of("bots.md");
        List<String> words = words(steps.take(JAVA + "bots check "));
        steps.done();
        // The name of that address, and the address of that name, as the world has them.
        String name = "crawl-66-249-66-1.googlebot.com";
        try (TestDns dns = TestDns.start().pointer("66.249.66.1", 300, name).addresses(name, 300, "66.249.66.1")) {
            words.addAll(List.of("--set", "bots.dns.servers=" + dns.authority()));
            try (GatewayProcess check = GatewayProcess.start(words.toArray(String[]::new))) {
                assertThat(check.awaitExit()).as(check.lines().toString()).isZero();
                assertThat(check.lines().toString()).contains("66.249.66.1");
            }
        }
    }

    /** Those behind the name of the program; those between quotes are one. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        WORD.matcher(line.substring(JAVA.length()))
                .results()
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        return words;
    }
}
