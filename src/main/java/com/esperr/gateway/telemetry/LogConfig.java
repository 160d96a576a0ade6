package com.esperr.gateway.telemetry;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code log}. Immutable.
 *
 * @param access where the access log goes: {@link #STDOUT}, {@link #LOGGER}, {@link #OFF} or a file
 * @param ja4 whether a line says the fingerprint of the visitor's TLS
 * @param accessQueue how many lines may wait to be written
 * @param audit where every change of policies, keys and mitigations by hand is recorded, or null
 * @param level how much the gateway says about itself
 * @param repeatInterval in which a warning of the same cause is said once; zero: as often as it comes
 */
public record LogConfig(
        String access,
        boolean ja4,
        int accessQueue,
        @Nullable Path audit,
        LogLevel level,
        Duration repeatInterval) {
    /** The access log goes to standard output. */
    public static final String STDOUT = "stdout";
    /** The access log is a logger of the logging library. */
    public static final String LOGGER = "logger";
    /** There is no access log. */
    public static final String OFF = "off";

    private static final int FEWEST_LINES = 64;
    private static final int MOST_LINES = 1 << 20;
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    /** Reads the section. */
    public static LogConfig read(Section section) {
        return new LogConfig(
                section.required("access", "stdout, logger, off or a file"),
                section.flag("ja4"),
                section.integer("access-queue", FEWEST_LINES, MOST_LINES),
                section.parsedOrNull("audit", "a file", Path::of),
                section.choice("level", LogLevel.class),
                section.duration("repeat-interval", Duration.ZERO, LONGEST_INTERVAL));
    }

    /** Whether no access log is wanted. */
    public boolean accessOff() {
        return access.equals(OFF);
    }
}
