package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;

/**
 * Section {@code runtime}. Immutable.
 *
 * @param transport how sockets are driven
 * @param eventLoops how many event loops, 0 for one a processor
 */
public record TransportConfig(Transport transport, int eventLoops) {
    /** Reads the section. */
    public static TransportConfig read(Section section) {
        return new TransportConfig(
                section.choice("transport", Transport.class), section.integer("event-loops", 0, 1024));
    }

    int loops() {
        return eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops;
    }

    /** How sockets are driven. */
    public enum Transport {
        /** Epoll where it works, else NIO. */
        AUTO,
        /** Linux's epoll through JNI. */
        EPOLL,
        /** The JDK's selectors. */
        NIO
    }
}
