package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import io.netty.handler.codec.quic.Quic;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen.http3}, which is experimental. Immutable.
 *
 * @param enabled whether HTTP/3 is spoken on the UDP port of the same number
 * @param maxConcurrentStreams requests of one connection at a time
 * @param streamWindow bytes of a request's body that may be under way at first before the origin has taken them
 * @param connectionWindow the same for all requests of a connection together
 * @param altSvcPort the port that visitors of HTTP/1.1 and HTTP/2 are told, 0 for the one that is listened on
 * @param altSvcMaxAge how long they may remember it, zero if they are not told
 */
public record Http3Config(
        boolean enabled,
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int altSvcPort,
        Duration altSvcMaxAge) {
    /** Not spoken. */
    static final Http3Config OFF = new Http3Config(false, 100, 256 << 10, 1 << 20, 0, Duration.ZERO);

    /**
     * Reads the section.
     *
     * @param obstacle what else is configured for the listener that HTTP/3 cannot be spoken with, or null
     */
    static Http3Config read(Section section, @Nullable String obstacle) {
        boolean enabled = section.flag("enabled");
        if (enabled && obstacle != null) {
            section.problem("enabled", "true", "false, as " + obstacle);
        } else if (enabled && !Quic.isAvailable()) {
            section.problem("enabled", "true", "false, as QUIC does not work on this platform: " + reason());
        }
        return new Http3Config(
                enabled,
                section.integer("max-concurrent-streams", 1, 100_000),
                Math.toIntExact(section.bytes("stream-window", 1024, 16 << 20)),
                Math.toIntExact(section.bytes("connection-window", 1024, 64 << 20)),
                section.integer("alt-svc-port", 0, 65_535),
                section.duration("alt-svc-max-age", Duration.ZERO, Duration.ofDays(365)));
    }

    private static String reason() {
        Throwable root = Quic.unavailabilityCause();
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** The value of Alt-Svc (RFC 7838 section 3) if {@code port} is listened on, or null if visitors are not told. */
    @Nullable
    String altSvc(int port) {
        long seconds = altSvcMaxAge.toSeconds();
        return seconds == 0 ? null : "h3=\":" + (altSvcPort == 0 ? port : altSvcPort) + "\"; ma=" + seconds;
    }
}
