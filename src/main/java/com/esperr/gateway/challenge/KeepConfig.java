package com.esperr.gateway.challenge;

import com.esperr.gateway.config.Section;
import java.time.Duration;

/**
 * Section {@code challenge.kept-requests}. Immutable.
 *
 * @param bytes of a body at the most; 0 if nothing is kept
 * @param allBytes of all bodies in this process at the most
 * @param lifetime how long one is kept
 */
public record KeepConfig(int bytes, long allBytes, Duration lifetime) {
    /** Nothing is kept. */
    public static final KeepConfig NONE = new KeepConfig(0, 0, Duration.ZERO);

    /** Reads the section. */
    public static KeepConfig read(Section section) {
        return new KeepConfig(
                Math.toIntExact(section.bytes("bytes", 0, 64 << 20)),
                section.bytes("all-bytes", 0, 1L << 40),
                section.duration("lifetime", Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
