package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code policies}. Immutable.
 *
 * @param paths files and directories with policies
 * @param sets further such paths, by the name of the set under which sites ask for it
 * @param reloadInterval how often they are looked at; zero for never
 * @param maxWindows windows kept in memory
 * @param maxMitigations active mitigations kept in memory
 * @param countryDatabase the MaxMind DB file that knows which country an address belongs to, or null
 * @param bodies how bodies are looked into if a policy asks for what is in them
 */
public record PolicyConfig(
        List<Path> paths,
        Map<String, List<Path>> sets,
        Duration reloadInterval,
        long maxWindows,
        long maxMitigations,
        @Nullable Path countryDatabase,
        Bodies bodies) {
    /** The name of the set of those who name none. */
    public static final String USUAL = "default";

    private static final String PATH = "a file or directory";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}");
    private static final long MOST = 100_000_000;
    private static final long MAX_PREFIX = 1 << 20;
    private static final long MAX_HELD = 1L << 40;

    /** Reads the section. */
    public static PolicyConfig read(Section section) {
        return new PolicyConfig(
                section.parsedList("path", PATH, Path::of),
                sets(section),
                section.duration("reload-interval", Duration.ZERO, Duration.ofDays(1)),
                section.number("max-windows", 1, MOST),
                section.number("max-mitigations", 1, MOST),
                section.parsedOrNull("country-database", "a MaxMind DB file", Path::of),
                Bodies.read(section.section("body")));
    }

    private static Map<String, List<Path>> sets(Section section) {
        Map<String, List<Path>> sets = new LinkedHashMap<>();
        section.namedSections("sets").forEach((name, set) -> {
            List<Path> paths = set.parsedList("path", PATH, Path::of);
            if (!NAME.matcher(name).matches() || name.equals(USUAL)) {
                set.problem("", name, "another name than " + USUAL + ", of letters, digits and . _ -");
            } else if (paths.isEmpty() && !set.has("path")) {
                set.problem("path", "missing", PATH);
            }
            sets.put(name, paths);
        });
        return Collections.unmodifiableMap(sets);
    }

    /** The same for other files. */
    public PolicyConfig of(List<Path> others) {
        return new PolicyConfig(others, Map.of(), reloadInterval, maxWindows, maxMitigations, countryDatabase, bodies);
    }

    /**
     * How bodies are looked into.
     *
     * @param prefix how much of one
     * @param held how much of all together is held for that
     * @param timeout how long a decision waits for that much
     */
    public record Bodies(int prefix, long held, Duration timeout) {
        static Bodies read(Section section) {
            int prefix = Math.toIntExact(section.bytes("prefix", 1, MAX_PREFIX));
            long held = section.bytes("held-bytes", 1, MAX_HELD);
            if (held < prefix) {
                section.problem("held-bytes", held + " B", "at least policies.body.prefix");
            }
            return new Bodies(prefix, held, section.duration("timeout", Duration.ofMillis(1), Duration.ofMinutes(1)));
        }
    }
}
