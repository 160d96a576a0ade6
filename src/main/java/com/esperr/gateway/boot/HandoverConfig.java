package com.esperr.gateway.boot;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code handover}. Immutable.
 *
 * @param socket the unix socket over which the next process takes the listeners over, or null
 * @param readyTimeout how long that may take to become ready
 */
public record HandoverConfig(@Nullable Path socket, Duration readyTimeout) {
    /** Reads the section. */
    public static HandoverConfig read(Section section) {
        return new HandoverConfig(
                section.parsedOrNull("socket", "the path of a unix socket", Path::of),
                section.duration("ready-timeout", Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
