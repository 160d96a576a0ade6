package com.esperr.gateway.transport;

import com.esperr.gateway.config.Section;
import java.util.Locale;

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
