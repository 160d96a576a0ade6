package com.esperr.gateway.boot;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code shutdown}. Immutable.
 *
 * @param grace how long the gateway goes on accepting after it has declared itself not ready
 * @param drain how long requests that are under way may then take
 */
public record ShutdownConfig(Duration grace, Duration drain) {
    /** Reads the section. */
    public static ShutdownConfig read(Section section) {
        Duration longest = Duration.ofHours(1);
        return new ShutdownConfig(
                section.duration("grace", Duration.ZERO, longest), section.duration("drain", Duration.ZERO, longest));
    }
}
