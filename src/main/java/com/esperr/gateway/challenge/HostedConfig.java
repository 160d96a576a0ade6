package com.esperr.gateway.challenge;

import com.esperr.gateway.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code server.challenge}: challenges hosted on this side. Immutable.
 *
 * @param sessionLifetime how long a visitor has for a challenge
 * @param maxSessions challenges under way at the most
 * @param proofLifetime how long a proof counts
 * @param singleUse whether a proof can be verified once only
 * @param keyFile the secrets of proofs, or null for one of this process
 */
public record HostedConfig(
        Duration sessionLifetime,
        long maxSessions,
        Duration proofLifetime,
        boolean singleUse,
        @Nullable Path keyFile) {
    /** Reads the section. */
    public static HostedConfig read(Section section) {
        return new HostedConfig(
                section.duration("session-lifetime", Duration.ofSeconds(1), Duration.ofHours(1)),
                section.number("max-sessions", 1, 10_000_000),
                section.duration("proof-lifetime", Duration.ofSeconds(1), Duration.ofDays(1)),
                section.flag("single-use"),
                section.parsedOrNull("key-file", "the path of a file", Path::of));
    }
}
