package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;

/**
 * Section {@code retry} of an origin: when a request is tried once more. Immutable.
 *
 * @param attempts further tries of one request
 * @param statuses answers after which it is tried at another endpoint if repeating it is harmless
 * @param budget tries of requests that were sent before, as a share of all requests
 * @param reserve such tries that are free, so that few requests have a chance, too
 */
public record RetryConfig(int attempts, StatusRanges statuses, double budget, int reserve) {
    static RetryConfig read(Section section) {
        return new RetryConfig(
                section.integer("attempts", 0, 10),
                StatusRanges.of(section.parsedList("status", "502, 503 or 504", RetryConfig::status)),
                section.fraction("budget", 0, 1),
                section.integer("reserve", 0, 100_000));
    }

    private static int[] status(String text) {
        if (!text.matches("50[234]")) {
            throw new IllegalArgumentException(text);
        }
        return StatusRanges.parse(text);
    }

    /** Whether an answer with {@code status} may be tried again. */
    public boolean covers(int status) {
        return statuses.contains(status);
    }
}
