package com.esperr.gateway.telemetry;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code log}. Immutable.
 *
 * @param access where the access log goes: {@link #STDOUT}, {@link #OFF} or a file
 * @param ja4 whether a line says the fingerprint of the visitor's TLS
 * @param accessQueue how many lines may wait to be written
 * @param audit where every change of policies, keys and mitigations by hand is recorded, or null
 * @param level how much the gateway says about itself
 */
public record LogConfig(
        String access,
        boolean ja4,
        int accessQueue,
        @Nullable Path audit,
        LogLevel level) {
    /** The access log goes to standard output. */
    public static final String STDOUT = "stdout";
    /** There is no access log. */
    public static final String OFF = "off";

    private static final int FEWEST_LINES = 64;
    private static final int MOST_LINES = 1 << 20;

    /** Reads the section. */
    public static LogConfig read(Section section) {
        return new LogConfig(
                section.required("access", "stdout, off or a file"),
                section.flag("ja4"),
                section.integer("access-queue", FEWEST_LINES, MOST_LINES),
                section.parsedOrNull("audit", "a file", Path::of),
                section.choice("level", LogLevel.class));
    }

    /** Whether no access log is wanted. */
    public boolean accessOff() {
        return access.equals(OFF);
    }
}
