package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code origin.health}: a request that every endpoint is asked now and then, and what its answers mean.
 * Immutable.
 *
 * @param path what is asked for, or null if nothing is
 * @param interval from one question to the next
 * @param timeout from connecting to the head of the answer
 * @param healthy good answers in a row after which an endpoint that was down gets requests again
 * @param unhealthy bad ones in a row after which it gets none
 * @param statuses of a good answer
 */
record HealthConfig(
        @Nullable String path, Duration interval, Duration timeout, int healthy, int unhealthy, StatusRanges statuses) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofHours(1);
    private static final int MANY = 1000;

    static HealthConfig read(Section section) {
        HealthConfig read = new HealthConfig(
                section.parsedOrNull("path", "a path such as /healthz", HealthConfig::path),
                section.duration("interval", LEAST, MOST),
                section.duration("timeout", LEAST, MOST),
                section.integer("healthy", 1, MANY),
                section.integer("unhealthy", 1, MANY),
                StatusRanges.of(section.parsedList("status", StatusRanges.EXPECTED, StatusRanges::parse)));
        if (read.statuses.isEmpty()) {
            section.problem("status", "[]", StatusRanges.EXPECTED);
        }
        return read;
    }

    private static String path(String text) {
        if (!text.matches("/[!-~]*")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
