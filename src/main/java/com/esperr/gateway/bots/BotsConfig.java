package com.esperr.gateway.bots;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Section {@code bots}. Immutable.
 *
 * @param verified what a bot gets that is who it says
 * @param pending what one gets about which that is being found out
 * @param known all bots, those that come along and those of the section
 * @param reloadInterval how often files are looked at; zero for never
 * @param dns how names are asked for
 * @param signatures how signatures are verified
 */
public record BotsConfig(
        BotTreatment verified,
        BotTreatment pending,
        List<KnownBot> known,
        Duration reloadInterval,
        DnsConfig dns,
        SignatureConfig signatures) {
    private static final String BUILT_IN = "known-bots.conf";

    /** Reads the section, and the files that it names, to say at once what is wrong with them. */
    public static BotsConfig read(Section section) {
        List<KnownBot> added = section.sections("known").stream()
                .map(one -> {
                    KnownBot bot = KnownBot.read(one);
                    examine(one, bot);
                    return bot;
                })
                .toList();
        return new BotsConfig(
                section.choice("verified", BotTreatment.class),
                section.choice("pending", BotTreatment.class),
                KnownBot.merged(section.flag("built-in") ? builtIn() : List.of(), added),
                section.duration("reload-interval", Duration.ZERO, Duration.ofDays(1)),
                DnsConfig.read(section.section("dns")),
                SignatureConfig.read(section.section("signatures")));
    }

    /** The bots that come along. */
    static List<KnownBot> builtIn() {
        try (InputStream in = BotsConfig.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Configurations.read(
                            ConfigSource.load(null, Map.of(), Map.of())
                                    .withReference(ConfigSource.reference(BUILT_IN, text)),
                            root -> root.sections("known").stream()
                                    .map(KnownBot::read)
                                    .toList())
                    .value();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void examine(Section section, KnownBot bot) {
        bot.ranges().forEach(file -> {
            try {
                RangeFile.read(file);
            } catch (IOException unusable) {
                section.problem(
                        "ranges",
                        file + ", " + BotFiles.reason(unusable),
                        "a file of networks, as JSON with prefixes or one a line");
            }
        });
        bot.keys().forEach(key -> {
            if (key.file() != null && !Files.isReadable(key.file())) {
                section.problem("signers", key.file() + ", not readable", "a JWK set with public keys");
            } else if (key.file() != null) {
                try {
                    BotFiles.keys(key.file());
                } catch (IOException unusable) {
                    section.problem(
                            "signers", key.file() + ", " + BotFiles.reason(unusable), "a JWK set with public keys");
                }
            }
        });
        if (bot.userAgents().isEmpty()
                && bot.ranges().isEmpty()
                && bot.keys().isEmpty()
                && bot.dns().isEmpty()) {
            section.problem("", "nothing about " + bot.name(), "user-agents, dns, ranges or signers");
        }
    }
}
