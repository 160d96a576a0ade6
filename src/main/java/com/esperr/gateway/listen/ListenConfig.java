package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code listen}. Immutable.
 *
 * @param address where visitors connect; port 0 picks a free one
 * @param backlog connections the kernel may hold before they are accepted
 * @param tls how TLS is spoken there, or null if it is not
 */
public record ListenConfig(
        HostPort address, int backlog, @Nullable ListenTlsConfig tls) {
    /** Reads the section. */
    public static ListenConfig read(Section section) {
        return new ListenConfig(
                section.parsed("address", "HOST:PORT", new HostPort("127.0.0.1", 0), HostPort::parseListen),
                section.integer("backlog", 1, 65_535),
                ListenTlsConfig.read(section.section("tls")));
    }
}
