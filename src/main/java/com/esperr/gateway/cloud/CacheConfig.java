package com.esperr.gateway.cloud;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code esper.cache}. Immutable.
 *
 * @param enabled whether answers are kept at all
 * @param maxAge how long an answer is used like a new one
 * @param staleWhileRevalidate how much longer it is used while a new one is asked for
 * @param staleIfError how much longer it is used when no new one can be had
 * @param maxEntries answers at the most
 */
record CacheConfig(
        boolean enabled, Duration maxAge, Duration staleWhileRevalidate, Duration staleIfError, int maxEntries) {
    private static final Duration LONGEST = Duration.ofHours(1);

    static CacheConfig read(Section section) {
        return new CacheConfig(
                section.flag("enabled"),
                section.duration("max-age", Duration.ZERO, LONGEST),
                section.duration("stale-while-revalidate", Duration.ZERO, LONGEST),
                section.duration("stale-if-error", Duration.ZERO, LONGEST),
                section.integer("max-entries", 1, 10_000_000));
    }

    /** After this long an answer is of no use. */
    Duration longest() {
        Duration more = staleIfError.compareTo(staleWhileRevalidate) > 0 ? staleIfError : staleWhileRevalidate;
        return maxAge.plus(more);
    }
}
