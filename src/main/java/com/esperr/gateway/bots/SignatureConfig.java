package com.esperr.gateway.bots;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code bots.signatures}. Immutable.
 *
 * @param maxLifetime how long a signature may count from its making
 * @param clockSkew by how much clocks may differ
 * @param perSecond how many are verified a second, by all event loops together
 * @param maxNonces how many are remembered, so that none is used twice
 * @param refresh how often directories are fetched
 * @param timeout for one fetch
 * @param keep how long keys count after the last time they could be fetched
 * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
 */
record SignatureConfig(
        Duration maxLifetime,
        Duration clockSkew,
        int perSecond,
        int maxNonces,
        Duration refresh,
        Duration timeout,
        Duration keep,
        @Nullable Path caFile) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static SignatureConfig read(Section section) {
        return new SignatureConfig(
                section.duration("max-lifetime", SECOND, Duration.ofDays(7)),
                section.duration("clock-skew", Duration.ZERO, Duration.ofMinutes(10)),
                section.integer("per-second", 1, 1_000_000),
                section.integer("max-nonces", 100, 10_000_000),
                section.duration("refresh", SECOND, Duration.ofDays(7)),
                section.duration("timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
                section.duration("keep", SECOND, Duration.ofDays(30)),
                section.parsedOrNull("ca-file", "the path of a file", Path::of));
    }
}
