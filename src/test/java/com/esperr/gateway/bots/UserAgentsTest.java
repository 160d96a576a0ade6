package com.esperr.gateway.bots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAgentsTest {
    private static KnownBot bot(String name, String... userAgents) {
        return new KnownBot(name, List.of(userAgents), List.of(), List.of(), List.of(), null);
    }

    @ParameterizedTest
    @CsvSource({
        "googlebot, Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "googlebot, Googlebot-Image/1.0",
        "google-special, AdsBot-Google (+http://www.google.com/adsbot.html)",
        "google-user, FeedFetcher-Google",
        "bingbot, Mozilla/5.0 AppleWebKit/537.36 (KHTML; compatible; bingbot/2.0) Chrome/116 Safari/537.36",
        "applebot, Mozilla/5.0 (Macintosh) Version/17 Safari/605.1.15 (Applebot/0.1)",
        "openai-user, Mozilla/5.0; compatible; ChatGPT-User/1.0; +https://openai.com/bot",
        "perplexity, Mozilla/5.0 (compatible; PerplexityBot/1.0)",
        "naver, Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "commoncrawl, CCBot/2.0 (https://commoncrawl.org/faq/)"
    })
    void theBotsThatComeAlongAreKnownByWhatTheySend(String name, String userAgent) {
        assertThat(UserAgents.of(BotsConfig.builtIn()).find(userAgent).name()).isEqualTo(name);
    }

    @Test
    void browsersAreNone() {
        UserAgents all = UserAgents.of(BotsConfig.builtIn());
        assertThat(List.of(
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
                        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                        "curl/8.7.1",
                        "",
                        "go\u00f6glebot"))
                .allMatch(userAgent -> all.find(userAgent) == null);
    }

    @Test
    void theLongestTextCountsWhereverItStands() {
        UserAgents agents = UserAgents.of(List.of(bot("short", "Bot"), bot("long", "GoodBot"), bot("other", "Goo")));
        assertThat(agents.find("a bot and a goodbot").name()).isEqualTo("long");
        assertThat(agents.find("goodbo").name()).isEqualTo("other");
        assertThat(agents.find("xbotx").name()).isEqualTo("short");
        assertThat(UserAgents.of(List.of()).find("anything")).isNull();
    }

    @Test
    void aSearchFindsWhatLookingForEachFinds() {
        Random random = new Random(20);
        for (int round = 0; round < 300; round++) {
            List<KnownBot> bots = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                bots.add(bot("b" + i, text(random, 3 + random.nextInt(4))));
            }
            UserAgents agents = UserAgents.of(bots);
            for (int i = 0; i < 50; i++) {
                String value = text(random, random.nextInt(20));
                KnownBot found = agents.find(value);
                int longest = bots.stream()
                        .map(bot -> bot.userAgents().get(0))
                        .filter(text -> value.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
                assertThat(found == null ? 0 : found.userAgents().get(0).length())
                        .as("%s in %s", bots, value)
                        .isEqualTo(longest);
                if (found != null) {
                    assertThat(value.toLowerCase(Locale.ROOT))
                            .contains(found.userAgents().get(0).toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abAB-".charAt(random.nextInt(5)));
        }
        return text.toString();
    }
}
