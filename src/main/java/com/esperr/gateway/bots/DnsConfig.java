package com.esperr.gateway.bots;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * Section {@code bots.dns}. Immutable.
 *
 * @param enabled whether names are asked for at all
 * @param servers name servers; empty for the system's
 * @param timeout for one question
 * @param perSecond how many addresses are looked up a second
 * @param concurrency how many at once
 * @param maxEntries how many results are kept
 * @param keep how long one is kept at the most
 * @param keepAbsent how long it is kept that an address has no name of a bot
 * @param keepFailed how long it is kept that nobody could tell
 */
record DnsConfig(
        boolean enabled,
        List<HostPort> servers,
        Duration timeout,
        int perSecond,
        int concurrency,
        int maxEntries,
        Duration keep,
        Duration keepAbsent,
        Duration keepFailed) {
    private static final int PORT = 53;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration WEEK = Duration.ofDays(7);

    static DnsConfig read(Section section) {
        return new DnsConfig(
                section.flag("enabled"),
                section.parsedList("servers", "the address of a name server, such as 192.0.2.53", DnsConfig::server),
                section.duration("timeout", Duration.ofMillis(10), Duration.ofSeconds(30)),
                section.integer("per-second", 1, 10_000),
                section.integer("concurrency", 1, 10_000),
                section.integer("max-entries", 100, 10_000_000),
                section.duration("keep", SECOND, WEEK),
                section.duration("keep-absent", SECOND, WEEK),
                section.duration("keep-failed", SECOND, WEEK));
    }

    private static HostPort server(String text) {
        HostPort server = HostPort.parse(text, PORT);
        if (server.address() == null) {
            // Who would look up the name?
            throw new IllegalArgumentException(text);
        }
        return server;
    }
}
