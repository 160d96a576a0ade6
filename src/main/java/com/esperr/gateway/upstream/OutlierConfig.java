package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code outlier} of an origin: when an endpoint that fails requests gets none for a while. Immutable.
 *
 * @param failures in a row that eject it: no connection, no answer in time, a broken one; 0 for never
 * @param serverErrors answers 5xx in a row that eject it; 0 for never
 * @param time the first time, twice as long each time it happens again
 * @param longest of these times
 * @param share of the endpoints that may be ejected at once; the last one never is
 */
record OutlierConfig(int failures, int serverErrors, Duration time, Duration longest, double share) {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(1);

    static OutlierConfig read(Section section) {
        OutlierConfig read = new OutlierConfig(
                section.integer("failures", 0, 10_000),
                section.integer("server-errors", 0, 10_000),
                section.duration("time", LEAST, MOST),
                section.duration("longest", LEAST, MOST),
                section.fraction("share", 0, 1));
        if (read.longest.compareTo(read.time) < 0) {
            section.problem("longest", section.string("longest"), "no less than time");
        }
        return read;
    }

    /** How many of {@code endpoints} may be ejected at once. */
    int most(int endpoints) {
        return Math.min(endpoints - 1, (int) (share * endpoints));
    }
}
