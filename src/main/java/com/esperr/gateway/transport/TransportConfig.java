package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import java.util.List;
import java.util.Locale;

/**
 * Section {@code runtime}. Immutable.
 *
 * @param transport how sockets are driven
 * @param eventLoops how many event loops, 0 for one a processor
 * @param nameServers who is asked for addresses; empty for the system's
 */
public record TransportConfig(Transport transport, int eventLoops, List<HostPort> nameServers) {
    private static final int DNS_PORT = 53;

    /** With the system's name servers. */
    public TransportConfig(Transport transport, int eventLoops) {
        this(transport, eventLoops, List.of());
    }

    /** Reads the section. */
    public static TransportConfig read(Section section) {
        return new TransportConfig(
                section.choice("transport", Transport.class),
                section.integer("event-loops", 0, 1024),
                section.parsedList(
                        "name-servers",
                        "the address of a name server, such as 192.0.2.53",
                        TransportConfig::nameServer));
    }

    private static HostPort nameServer(String text) {
        HostPort server = HostPort.parse(text, DNS_PORT);
        if (server.address() == null) {
            // Who would look up the name?
            throw new IllegalArgumentException(text);
        }
        return server;
    }

    int loops() {
        return eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops;
    }

    /** How sockets are driven. */
    public enum Transport {
        /** Epoll or kqueue where it works, else NIO. */
        AUTO,
        /** Linux's epoll through JNI. */
        EPOLL,
        /** Linux's io_uring through JNI. */
        IO_URING,
        /** The kqueue of macOS through JNI. */
        KQUEUE,
        /** The JDK's selectors. */
        NIO;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
