package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code origin.shedding}: how many requests an origin is given at once, found out by how fast it answers, and what becomes of
 * the others. Immutable.
 *
 * @param enabled whether there is such a limit
 * @param min below which it never goes
 * @param start where it begins, and comes back to while little happens
 * @param max above which it never goes
 * @param tolerance how many times as long as at its own pace an answer may take
 * @param queue requests that may wait, those of unverified visitors at most half of it
 * @param maxWait how long they may
 * @param surplus what becomes of those of unverified visitors
 */
public record SheddingConfig(
        boolean enabled, int min, int start, int max, double tolerance, int queue, Duration maxWait, Surplus surplus) {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofMinutes(1);

    static SheddingConfig read(Section section) {
        int min = section.integer("min", 2, 1_000_000);
        int max = section.integer("max", 2, 1_000_000);
        int start = section.integer("start", 2, 1_000_000);
        if (min > start || start > max) {
            section.problem("start", Integer.toString(start), "from min to max, which are " + min + " and " + max);
        }
        return new SheddingConfig(
                section.flag("enabled"),
                min,
                start,
                max,
                section.fraction("tolerance", 1.1, 100),
                section.integer("queue", 2, 1_000_000),
                section.duration("max-wait", LEAST, MOST),
                section.choice("unverified", Surplus.class));
    }
}
