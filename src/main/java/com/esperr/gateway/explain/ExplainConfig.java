package com.esperr.gateway.explain;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code explain}. Immutable.
 *
 * @param entries how many explanations are kept, 0 for none
 * @param bytes how large they may be together
 * @param lifetime how long one is kept
 * @param perSecond how many are made in a second on average
 * @param allows the share of forwarded requests that can be explained as well
 */
public record ExplainConfig(int entries, long bytes, Duration lifetime, int perSecond, double allows) {
    private static final int MOST_ENTRIES = 10_000_000;
    private static final int MOST_PER_SECOND = 1_000_000;

    /** Reads the section. */
    public static ExplainConfig read(Section section) {
        return new ExplainConfig(
                section.integer("entries", 0, MOST_ENTRIES),
                section.bytes("bytes", 64 << 10, 1L << 36),
                section.duration("lifetime", Duration.ofSeconds(1), Duration.ofDays(30)),
                section.integer("per-second", 1, MOST_PER_SECOND),
                section.fraction("allows", 0, 1));
    }
}
