package com.esperr.gateway.cloud;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code esper.concurrency}. Immutable.
 *
 * @param min questions that may always be under way
 * @param max questions that may ever be under way, which is also where it begins
 * @param backOff what is left of the limit when the service does not keep up
 * @param rest how long after a cut the limit is not cut again
 */
record ConcurrencyConfig(int min, int max, double backOff, Duration rest) {
    static ConcurrencyConfig read(Section section) {
        int min = section.integer("min", 1, 100_000);
        int max = section.integer("max", 1, 100_000);
        if (max < min) {
            section.problem("max", String.valueOf(max), "at least min, " + min);
        }
        return new ConcurrencyConfig(
                min,
                Math.max(min, max),
                section.fraction("back-off", 0.1, 0.99),
                section.duration("rest", Duration.ofMillis(1), Duration.ofMinutes(1)));
    }
}
