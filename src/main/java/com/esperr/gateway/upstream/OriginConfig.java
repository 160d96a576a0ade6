package com.esperr.gateway.upstream;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.net.OriginUrl;
import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.TlsPeer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code origin}. Immutable.
 *
 * @param url where the application listens
 * @param tls how it is recognised if the URL says https
 * @param host which Host header it is sent
 * @param connectTimeout for establishing a connection, TLS included
 * @param responseTimeout from the end of the request to the head of the response
 * @param idleTimeout longest pause inside a body
 * @param keepAlive how long an unused connection is kept
 * @param maxConnections connections per event loop
 * @param maxWaiting exchanges per event loop that may wait for a connection
 * @param maxWait how long they may wait
 * @param limits of a response head
 */
public record OriginConfig(
        OriginUrl url,
        TlsPeer tls,
        HostHeader host,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        Duration keepAlive,
        int maxConnections,
        int maxWaiting,
        Duration maxWait,
        DecoderLimits limits) {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String EXPECTED_URL = "http(s)://HOST[:PORT]";

    /** What the Host header of a forwarded request holds. */
    public enum HostHeader {
        /** What the visitor sent. */
        PRESERVE,
        /** The host of the origin's URL. */
        REWRITE
    }

    /** Reads the section. */
    public static OriginConfig read(Section section) {
        return new OriginConfig(
                url(section),
                TlsPeer.read(section.section("tls")),
                section.choice("host", HostHeader.class),
                section.duration("connect-timeout", MILLISECOND, MINUTE),
                section.duration("response-timeout", MILLISECOND, DAY),
                section.duration("idle-timeout", MILLISECOND, DAY),
                section.duration("keep-alive", Duration.ZERO, DAY),
                section.integer("max-connections", 1, 65_536),
                section.integer("max-waiting", 0, 1_000_000),
                section.duration("max-wait", Duration.ZERO, MINUTE),
                new DecoderLimits(
                        8192,
                        Math.toIntExact(section.bytes("header-bytes", 256, 16 << 20)),
                        section.integer("header-count", 1, 10_000),
                        Long.MAX_VALUE));
    }

    /**
     * TLS to it, or null if it is spoken to in clear text.
     *
     * @throws IllegalArgumentException if a file cannot be used
     */
    @Nullable
    ClientTls clientTls() {
        return url.scheme() == OriginUrl.Scheme.HTTPS ? ClientTls.to(url, tls, connectTimeout) : null;
    }

    private static OriginUrl url(Section section) {
        OriginUrl standIn = OriginUrl.parse("http://127.0.0.1:1");
        if (section.required("url", EXPECTED_URL + ", by --origin, ESPER_ORIGIN or the file")
                .isEmpty()) {
            return standIn;
        }
        return section.parsed("url", EXPECTED_URL, standIn, OriginUrl::parse);
    }
}
