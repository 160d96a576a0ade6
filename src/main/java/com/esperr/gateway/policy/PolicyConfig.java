package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.util.List;

/**
 * Section {@code policies}. Immutable.
 *
 * @param paths files and directories with policies
 * @param maxWindows windows kept in memory
 * @param maxMitigations active mitigations kept in memory
 */
public record PolicyConfig(List<Path> paths, long maxWindows, long maxMitigations) {
    private static final long MOST = 100_000_000;

    /** Reads the section. */
    public static PolicyConfig read(Section section) {
        return new PolicyConfig(
                section.parsedList("path", "a file or directory", Path::of),
                section.number("max-windows", 1, MOST),
                section.number("max-mitigations", 1, MOST));
    }
}
