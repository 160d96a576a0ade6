package com.esperr.gateway.cloud;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.transport.CaFile;
import com.esperr.gateway.transport.HttpClientConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code esper} as far as asking goes. Immutable.
 *
 * @param connectTimeout for one TCP connection
 * @param handshakeTimeout for TLS on top of it
 * @param idleTimeout how long an unused connection is kept
 * @param maxConnections connections per event loop
 * @param maxWaiting questions per event loop that may wait for a connection
 * @param maxResponseBytes the longest answer
 * @param retry whether a question is asked a second time within its deadline
 * @param maxRetryAfter the longest pause that the service may demand
 * @param rateLimitBackOff the first pause after a refusal that demands none
 * @param caFile PEM file of the authorities to trust instead of the JDK's, or null
 * @param breaker when to stop asking
 * @param concurrency how many questions may be under way
 * @param coalesce whether the same question is asked once for all who have it
 * @param cache whether answers are used again
 */
public record CloudConfig(
        Duration connectTimeout,
        Duration handshakeTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxWaiting,
        int maxResponseBytes,
        boolean retry,
        Duration maxRetryAfter,
        Duration rateLimitBackOff,
        @Nullable Path caFile,
        BreakerConfig breaker,
        ConcurrencyConfig concurrency,
        boolean coalesce,
        CacheConfig cache) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Reads the section. */
    public static CloudConfig read(Section section) {
        boolean coalesce = section.flag("coalesce");
        CacheConfig cache = CacheConfig.read(section.section("cache"));
        if (cache.enabled() && !coalesce) {
            section.problem("coalesce", "false", "true, because esper.cache.enabled is");
        }
        return new CloudConfig(
                section.duration("connect-timeout", SHORTEST, MINUTE),
                section.duration("handshake-timeout", SHORTEST, MINUTE),
                section.duration("idle-timeout", SHORTEST, HOUR),
                section.integer("max-connections", 1, 10_000),
                section.integer("max-waiting", 0, 1_000_000),
                Math.toIntExact(section.bytes("max-response-bytes", 256, 16 << 20)),
                section.flag("retry"),
                section.duration("max-retry-after", Duration.ZERO, HOUR),
                section.duration("rate-limit-back-off", Duration.ZERO, HOUR),
                CaFile.read(section, "ca-file"),
                BreakerConfig.read(section.section("breaker")),
                ConcurrencyConfig.read(section.section("concurrency")),
                coalesce,
                cache);
    }

    /** How that service is called. */
    public HttpClientConfig client(OriginUrl url) {
        return new HttpClientConfig(
                url,
                connectTimeout,
                handshakeTimeout,
                idleTimeout,
                maxConnections,
                maxWaiting,
                maxResponseBytes,
                caFile);
    }
}
