package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code policies}. Immutable.
 *
 * @param paths files and directories with policies
 * @param reloadInterval how often they are looked at; zero for never
 * @param maxWindows windows kept in memory
 * @param maxMitigations active mitigations kept in memory
 * @param countryDatabase the MaxMind DB file that knows which country an address belongs to, or null
 * @param bodies how bodies are looked into if a policy asks for what is in them
 */
public record PolicyConfig(
        List<Path> paths,
        Duration reloadInterval,
        long maxWindows,
        long maxMitigations,
        @Nullable Path countryDatabase,
        Bodies bodies) {
    private static final long MOST = 100_000_000;
    private static final long MAX_PREFIX = 1 << 20;
    private static final long MAX_HELD = 1L << 40;

    /** Reads the section. */
    public static PolicyConfig read(Section section) {
        return new PolicyConfig(
                section.parsedList("path", "a file or directory", Path::of),
                section.duration("reload-interval", Duration.ZERO, Duration.ofDays(1)),
                section.number("max-windows", 1, MOST),
                section.number("max-mitigations", 1, MOST),
                section.parsedOrNull("country-database", "a MaxMind DB file", Path::of),
                Bodies.read(section.section("body")));
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
