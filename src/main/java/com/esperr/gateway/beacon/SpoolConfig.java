package com.esperr.gateway.beacon;

import com.esperr.gateway.config.Section;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Section {@code beacon.spool}. Immutable.
 *
 * @param directory where the files are, of which no other process may have a share
 * @param bytes how many bytes of events are kept
 * @param events how many events are kept
 */
record SpoolConfig(Path directory, long bytes, long events) {
    private static final long LEAST_BYTES = 256 << 10;
    private static final long MOST_BYTES = 1L << 40;
    private static final long MOST_EVENTS = 1_000_000_000;

    static SpoolConfig read(Section section) {
        return new SpoolConfig(
                section.parsed("directory", "the path of a directory", Path.of("data"), SpoolConfig::path),
                section.bytes("bytes", LEAST_BYTES, MOST_BYTES),
                section.number("events", 1, MOST_EVENTS));
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        Path directory = Path.of(text);
        if (!mayBecomeDirectory(directory.toAbsolutePath())) {
            throw new IllegalArgumentException("a file is in the way");
        }
        return directory;
    }

    /** Whether it is one or can be made; whether by us, only the machine it runs on knows. */
    private static boolean mayBecomeDirectory(Path directory) {
        Path existing = directory;
        for (Path up = existing; up != null && !Files.exists(existing); up = up.getParent()) {
            existing = up;
        }
        return Files.isDirectory(existing);
    }
}
