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
 * @param maxWindows windows kept in memory
 * @param maxMitigations active mitigations kept in memory
 * @param countryDatabase the MaxMind DB file that knows which country an address belongs to, or null
 * @param bodyPrefix how much of a body is looked into if a policy asks for what is in it
 * @param bodyTimeout how long a decision waits for that much
 */
public record PolicyConfig(
        List<Path> paths,
        long maxWindows,
        long maxMitigations,
        @Nullable Path countryDatabase,
        int bodyPrefix,
        Duration bodyTimeout) {
    private static final long MOST = 100_000_000;
    private static final long MAX_PREFIX = 1 << 20;

    /** Reads the section. */
    public static PolicyConfig read(Section section) {
        Section body = section.section("body");
        return new PolicyConfig(
                section.parsedList("path", "a file or directory", Path::of),
                section.number("max-windows", 1, MOST),
                section.number("max-mitigations", 1, MOST),
                section.parsedOrNull("country-database", "a MaxMind DB file", Path::of),
                Math.toIntExact(body.bytes("prefix", 1, MAX_PREFIX)),
                body.duration("timeout", Duration.ofMillis(1), Duration.ofMinutes(1)));
    }
}
