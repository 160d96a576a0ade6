package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http2.FloodAllowances;

/**
 * Section {@code listen.http2}. Immutable.
 *
 * @param enabled whether HTTP/2 is spoken with those who ask for it
 * @param maxConcurrentStreams requests of one connection at a time
 * @param streamWindow bytes of a request's body that may be under way before the origin has taken them
 * @param connectionWindow the same for all requests of a connection together
 * @param floods how much of what costs us more than the client one connection may send
 */
public record Http2Config(
        boolean enabled, int maxConcurrentStreams, int streamWindow, int connectionWindow, FloodAllowances floods) {
    /** What a connection has by itself and cannot be taken away (RFC 9113 section 6.9.2). */
    private static final int LEAST_CONNECTION_WINDOW = 65_535;

    /** As by default. */
    static final Http2Config PLAIN = new Http2Config(true, 100, 256 << 10, 1 << 20, FloodAllowances.USUAL);

    /** Reads the section. */
    static Http2Config read(Section section) {
        return new Http2Config(
                section.flag("enabled"),
                section.integer("max-concurrent-streams", 1, 100_000),
                Math.toIntExact(section.bytes("stream-window", 1024, 16 << 20)),
                Math.toIntExact(section.bytes("connection-window", LEAST_CONNECTION_WINDOW, 64 << 20)),
                FloodAllowances.read(section.section("floods")));
    }
}
