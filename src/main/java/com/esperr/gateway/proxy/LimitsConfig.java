package com.esperr.gateway.proxy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http1.DecoderLimits;
import java.time.Duration;

/**
 * Section {@code limits}: what a client may cost. Immutable.
 *
 * @param decoder sizes of heads and bodies
 * @param headerTimeout from the first byte of a request to the end of its head
 * @param bodyTimeout longest pause inside a request body
 * @param minRate bytes a second of a request body, and of a response over HTTP/2, while only the client is waited for, 0 for any
 * @param idleTimeout longest pause between requests, and longest refusal to read a response
 * @param halfClose how long an answer may take to begin once the client sends no more
 * @param requestsPerConnection requests on one connection
 * @param connections connections in all
 */
public record LimitsConfig(
        DecoderLimits decoder,
        Duration headerTimeout,
        Duration bodyTimeout,
        long minRate,
        Duration idleTimeout,
        Duration halfClose,
        int requestsPerConnection,
        int connections) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Reads the section. */
    public static LimitsConfig read(Section section) {
        return new LimitsConfig(
                new DecoderLimits(
                        Math.toIntExact(section.bytes("request-line", 64, 1 << 20)),
                        Math.toIntExact(section.bytes("header-bytes", 256, 16 << 20)),
                        section.integer("header-count", 1, 10_000),
                        section.bytes("body", 0, 1L << 50)),
                section.duration("header-timeout", SHORTEST, LONGEST),
                section.duration("body-timeout", SHORTEST, LONGEST),
                section.bytes("min-rate", 0, 1 << 20),
                section.duration("idle-timeout", SHORTEST, LONGEST),
                section.duration("half-close", Duration.ZERO, LONGEST),
                section.integer("requests-per-connection", 1, Integer.MAX_VALUE),
                section.integer("connections", 1, 1_000_000));
    }
}
