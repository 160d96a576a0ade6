package com.esperr.gateway.child;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code exec.ready}. Immutable.
 *
 * @param by what shows that the application is ready
 * @param path what it is asked for by {@link By#HTTP}
 * @param file what it writes by {@link By#FILE}, or null
 * @param timeout how long it may take
 */
public record ReadyConfig(By by, String path, @Nullable Path file, Duration timeout) {
    /** What shows that an application is ready. */
    public enum By {
        /** It accepts connections. */
        CONNECT,
        /** It answers a GET with a status below 400. */
        HTTP,
        /** A file is there that was not, or is newer than its start. */
        FILE
    }

    static ReadyConfig read(Section section) {
        By by = section.choice("by", By.class);
        String path = section.string("path");
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            section.problem("path", path, "a path such as /health");
        }
        Path file = section.parsedOrNull("file", "the path of a file", Path::of);
        if (by == By.FILE && file == null) {
            section.problem("by", "file", "exec.ready.file as well, or connect or http");
        }
        return new ReadyConfig(
                by, path, file, section.duration("timeout", Duration.ofMillis(100), Duration.ofHours(1)));
    }
}
