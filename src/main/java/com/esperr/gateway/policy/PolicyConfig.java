package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.util.List;

/**
 * Section {@code policies}. Immutable.
 *
 * @param paths files and directories with policies
 * @param maxWindows windows kept in memory
 */
public record PolicyConfig(List<Path> paths, long maxWindows) {
    private static final long MAX_WINDOWS = 100_000_000;

    /** Reads the section. */
    public static PolicyConfig read(Section section) {
        return new PolicyConfig(
                section.parsedList("path", "a file or directory", Path::of),
                section.number("max-windows", 1, MAX_WINDOWS));
    }
}
