package com.esperr.gateway.boot;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code reload}. Immutable.
 *
 * @param interval how often the files of the configuration are looked at; zero for never
 */
public record ReloadConfig(Duration interval) {
    /** Reads the section. */
    public static ReloadConfig read(Section section) {
        return new ReloadConfig(section.duration("interval", Duration.ZERO, Duration.ofDays(1)));
    }
}
