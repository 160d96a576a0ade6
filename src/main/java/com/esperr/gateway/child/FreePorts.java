package com.esperr.gateway.child;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for an application that is told where to listen. Below those that the system gives to connections: between now and the moment the
 * application listens, and while it restarts, one of them would take the port on a machine that is busy. Static only.
 */
final class FreePorts {
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** Where the range begins on Linux unless somebody has changed it; elsewhere it begins higher. */
    private static final int USUAL = 32_768;

    private static final int LOWEST = 10_000;
    private static final int TRIES = 200;

    private FreePorts() {}

    /**
     * One on which nobody listens at {@code host} at this moment.
     *
     * @throws IOException if the system has none, or {@code host} is not of this machine
     */
    static int next(InetAddress host) throws IOException {
        return next(host, ephemeral());
    }

    /** The same, where the ports of connections begin at {@code below}. */
    static int next(InetAddress host, int below) throws IOException {
        for (int tries = 0; tries < TRIES && below > LOWEST; tries++) {
            try {
                return probe(host, ThreadLocalRandom.current().nextInt(LOWEST, below));
            } catch (IOException taken) {
                // The next one, then; what is wrong with the host is said by the last.
            }
        }
        return probe(host, 0);
    }

    private static int probe(InetAddress host, int port) throws IOException {
        try (ServerSocket free = new ServerSocket(port, 1, host)) {
            return free.getLocalPort();
        }
    }

    /** Where the ports of connections begin. */
    static int ephemeral() {
        // The kernel gives out such a file in one piece or not at all, so a buffer that grows sees its first byte only.
        try (InputStream file = Files.newInputStream(EPHEMERAL)) {
            return Integer.parseInt(
                    new String(file.readNBytes(64), US_ASCII).strip().split("\\s+")[0]);
        } catch (IOException | NumberFormatException unknown) {
            return USUAL;
        }
    }
}
