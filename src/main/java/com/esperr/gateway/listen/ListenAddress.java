package com.esperr.gateway.listen;

import com.esperr.gateway.net.HostPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where is listened: on a TCP port or on a path of the file system. Immutable. */
public sealed interface ListenAddress {
    /** What the text of a path begins with. */
    String UNIX = "unix:";

    /** What every reader of one expects. */
    String EXPECTED = "HOST:PORT or unix:/PATH";

    /**
     * A TCP port.
     *
     * @param at port 0 picks a free one
     */
    record Tcp(HostPort at) implements ListenAddress {
        @Override
        public String toString() {
            return at.toString();
        }
    }

    /**
     * A unix socket.
     *
     * @param path absolute, as a relative one would be somewhere else with every working directory
     */
    record Unix(Path path) implements ListenAddress {
        /** What fits into the address of a socket on every system, with the byte that ends it. */
        private static final int LONGEST = 103;

        public Unix {
            int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (!path.isAbsolute() || length > LONGEST) {
                throw new IllegalArgumentException(
                        path + " (expected: an absolute path of at most " + LONGEST + " bytes)");
            }
        }

        @Override
        public String toString() {
            return UNIX + path;
        }
    }

    /** Reads one as operators write it. */
    static ListenAddress parse(String text) {
        return text.startsWith(UNIX)
                ? new Unix(Path.of(text.substring(UNIX.length())))
                : new Tcp(HostPort.parseListen(text));
    }
}
