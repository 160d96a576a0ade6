package com.esperr.gateway.cloud;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code esper.breaker}. Immutable.
 *
 * @param failures how many failures within the window open the breaker
 * @param share how large a part of the window's questions must have failed as well, from 0 to 1; keeps a few failures
 *     among many thousand answers, which a visitor might even provoke, from switching all questions off
 * @param window how far back failures count
 * @param pause how long no question is asked
 * @param probes how many questions are let through after the pause, all of which must be answered
 */
record BreakerConfig(int failures, double share, Duration window, Duration pause, int probes) {
    private static final Duration LONGEST = Duration.ofHours(1);

    static BreakerConfig read(Section section) {
        return new BreakerConfig(
                section.integer("failures", 1, 1_000_000),
                section.fraction("share", 0, 1),
                section.duration("window", Duration.ofSeconds(1), LONGEST),
                section.duration("pause", Duration.ofMillis(10), LONGEST),
                section.integer("probes", 1, 1000));
    }
}
