package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait after failures: any time up to a bound that doubles, so that callers that failed together do not come
 * back together. Immutable.
 *
 * @param first the bound after one failure
 * @param longest the bound after many
 */
public record BackOff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 40;

    /** Reads a section of {@code first} and {@code longest}. */
    public static BackOff read(Section section) {
        Duration first = section.duration("first", Duration.ofMillis(1), Duration.ofHours(1));
        Duration longest = section.duration("longest", Duration.ofMillis(1), Duration.ofDays(1));
        if (longest.compareTo(first) < 0) {
            section.problem("longest", longest.toMillis() + "ms", "at least " + first.toMillis() + "ms");
        }
        return new BackOff(first, longest);
    }

    /** Nanoseconds to wait after {@code failures} in a row; {@code random} is drawn from once, uniform in [0, 1). */
    public long nanos(int failures, DoubleSupplier random) {
        int doublings = Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1));
        double bound = Math.min((double) longest.toNanos(), first.toNanos() * Math.scalb(1.0, doublings));
        return (long) (bound * random.getAsDouble());
    }
}
