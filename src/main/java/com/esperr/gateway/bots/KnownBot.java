package com.esperr.gateway.bots;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bot and what proves it. Immutable.
 *
 * @param name what it is called in policies and logs
 * @param userAgents texts of its User-Agent; with none, whoever comes from its ranges is it
 * @param dns what the names of its addresses end with, without a dot in front
 * @param ranges files of its networks
 * @param keys where its public keys are
 * @param published where its owner says what its networks are, for people, or null
 */
record KnownBot(
        String name,
        List<String> userAgents,
        List<String> dns,
        List<Path> ranges,
        List<KeySource> keys,
        @Nullable String published) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    /** At least two labels: nobody owns a top-level domain alone. */
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})+");

    private static final int FEWEST_CHARACTERS = 3;

    /** Reads one element of a list of bots. */
    static KnownBot read(Section section) {
        String name = section.required("name", "a name of a-z, 0-9, dot, dash and underscore");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            section.problem("name", name, "a name of a-z, 0-9, dot, dash and underscore");
        }
        List<KeySource> keys = new ArrayList<>();
        section.sections("signers").forEach(key -> keys.add(KeySource.read(key)));
        return new KnownBot(
                name,
                section.parsedList("user-agents", "at least 3 characters of a User-Agent", KnownBot::userAgent),
                section.parsedList("dns", "a domain with a dot in it, such as googlebot.com", KnownBot::domain),
                section.parsedList("ranges", "the path of a file", Path::of),
                List.copyOf(keys),
                section.stringOrNull("published"));
    }

    /** The bots of both lists; what one of {@code added} says about a bot of {@code before} is added to it. */
    static List<KnownBot> merged(List<KnownBot> before, List<KnownBot> added) {
        Map<String, KnownBot> bots = new LinkedHashMap<>();
        Stream.concat(before.stream(), added.stream())
                .forEach(bot -> bots.merge(bot.name, bot, (first, second) -> first.with(second)));
        return List.copyOf(bots.values());
    }

    private KnownBot with(KnownBot other) {
        return new KnownBot(
                name,
                joined(userAgents, other.userAgents),
                joined(dns, other.dns),
                joined(ranges, other.ranges),
                joined(keys, other.keys),
                other.published == null ? published : other.published);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }

    private static String userAgent(String text) {
        if (text.strip().length() < FEWEST_CHARACTERS || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static String domain(String text) {
        String domain = text.toLowerCase(Locale.ROOT);
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException(text);
        }
        return domain;
    }

    /** Whether {@code host} is in one of its domains. */
    boolean owns(String host) {
        for (String domain : dns) {
            boolean below = host.length() > domain.length()
                    && host.endsWith(domain)
                    && host.charAt(host.length() - domain.length() - 1) == '.';
            if (below || host.equals(domain)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
