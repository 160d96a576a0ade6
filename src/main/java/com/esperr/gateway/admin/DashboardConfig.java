package com.esperr.gateway.admin;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code admin.dashboard}. Immutable.
 *
 * @param enabled whether there is one
 * @param viewers how many may look at it at once
 * @param session how long somebody who has signed in stays so
 */
public record DashboardConfig(boolean enabled, int viewers, Duration session) {
    private static final int MOST_VIEWERS = 32;

    static DashboardConfig read(Section section) {
        return new DashboardConfig(
                section.flag("enabled"),
                section.integer("viewers", 1, MOST_VIEWERS),
                section.duration("session", Duration.ofMinutes(1), Duration.ofDays(30)));
    }
}
