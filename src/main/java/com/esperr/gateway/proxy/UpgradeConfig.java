package com.esperr.gateway.proxy;

import com.esperr.gateway.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Section {@code upgrade}: other protocols on a visitor's connection (RFC 9110 section 7.8). Immutable.
 *
 * @param protocols which are allowed, in lower case
 * @param idleTimeout the longest time without a byte either way
 * @param goodbyeSpread within how long WebSockets are told that the gateway stops
 */
public record UpgradeConfig(List<String> protocols, Duration idleTimeout, Duration goodbyeSpread) {
    /** HTTP/2 and TLS inside a tunnel would carry requests past every decision. */
    private static final Set<String> NEVER = Set.of("h2c", "h2", "http", "tls", "connect-udp", "connect-ip");

    /** Reads the section. */
    public static UpgradeConfig read(Section section) {
        return new UpgradeConfig(
                section.parsedList(
                        "protocols", "a protocol such as websocket; h2c, tls or http never", UpgradeConfig::protocol),
                section.duration("idle-timeout", Duration.ofMillis(100), Duration.ofDays(7)),
                section.duration("goodbye-spread", Duration.ZERO, Duration.ofHours(1)));
    }

    private static String protocol(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        String bare = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
        if (!name.matches("[a-z0-9!#$%&'*+.^_`|~-]+(/[a-z0-9!#$%&'*+.^_`|~-]+)?") || NEVER.contains(bare)) {
            throw new IllegalArgumentException("not allowed");
        }
        return name;
    }
}
