package com.esperr.gateway.hybrid;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.transport.BackOff;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Section {@code hybrid.pushed}. Immutable.
 *
 * @param path where the feed is, on the host of {@code esper.api-url}
 * @param idleTimeout the longest silence of a server that does not say how often it shows life
 * @param backOff how long to wait after failures
 */
public record PushedConfig(String path, Duration idleTimeout, BackOff backOff) {
    private static final Pattern PATH = Pattern.compile("/[!-\"$->@-~]*");

    static PushedConfig read(Section section) {
        return new PushedConfig(
                section.parsed("path", "a path, such as /api/v1/hybrid/mitigations", "/", PushedConfig::path),
                section.duration("idle-timeout", Duration.ofMillis(100), Duration.ofHours(1)),
                BackOff.read(section.section("back-off")));
    }

    private static String path(String text) {
        if (!PATH.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
