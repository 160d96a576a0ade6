package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real haproxy that passes TCP connections on: in the foreground, a child of the test, its configuration in a temporary file. */
public final class Haproxy implements AutoCloseable {
    private static final String CONFIGURATION = """
            global
              maxconn 200
              nbthread 1
            defaults
              mode tcp
              timeout connect 10s
              timeout client 60s
              timeout server 60s
              timeout check 10s
            """;

    private final Path file;
    private final List<Integer> ports;
    private final ChildProcess child;

    private Haproxy(Path file, List<Integer> ports, ChildProcess child) {
        this.file = file;
        this.ports = ports;
        this.child = child;
    }

    /**
     * Starts one; without it installed the test fails or is aborted as {@link Peers} says.
     *
     * @param servers for each port to listen on, where to and how, as in {@code 127.0.0.1:80 send-proxy}
     */
    public static Haproxy start(String... servers) {
        Path haproxy = Peers.require("haproxy");
        try {
            StringBuilder text = new StringBuilder(CONFIGURATION);
            List<Integer> ports = new ArrayList<>();
            for (String server : servers) {
                int port = FreePort.next();
                ports.add(port);
                text.append("listen p")
                        .append(port)
                        .append("\n  bind 127.0.0.1:")
                        .append(port)
                        .append("\n  server gw ");
                text.append(server).append('\n');
            }
            return start(haproxy, text.toString(), ports);
        } catch (IOException e) {
            throw new UncheckedIOException("start haproxy", e);
        }
    }

    /**
     * Starts one that answers HTTP itself with the address that it holds for the visitor's.
     *
     * @param binds for each port to listen on, how, as in {@code accept-proxy}
     */
    public static Haproxy answering(String... binds) {
        Path haproxy = Peers.require("haproxy");
        try {
            StringBuilder text = new StringBuilder(CONFIGURATION);
            List<Integer> ports = new ArrayList<>();
            for (String bind : binds) {
                int port = FreePort.next();
                ports.add(port);
                text.append("frontend p")
                        .append(port)
                        .append("\n  mode http\n  timeout http-keep-alive 60s\n  bind 127.0.0.1:")
                        .append(port)
                        .append(' ')
                        .append(bind)
                        .append("\n  http-request return status 200 content-type text/plain lf-string %[src]\n");
            }
            return start(haproxy, text.toString(), ports);
        } catch (IOException e) {
            throw new UncheckedIOException("start haproxy", e);
        }
    }

    private static Haproxy start(Path haproxy, String text, List<Integer> ports) throws IOException {
        Path file = Files.writeString(Files.createTempFile("haproxy", ".cfg"), text);
        ProcessBuilder command = new ProcessBuilder(haproxy.toString(), "-db", "-f", file.toString());
        Haproxy started = new Haproxy(file, List.copyOf(ports), ChildProcess.start(command));
        ports.forEach(started::awaitAccepting);
        return started;
    }

    /** Where connections for that server are taken. */
    public int port(int index) {
        return ports.get(index);
    }

    @Override
    public void close() {
        child.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAccepting(int port) {
        long start = System.nanoTime();
        while (!accepts(port)) {
            if (!child.isAlive() || System.nanoTime() - start > 30_000_000_000L) {
                close();
                throw new AssertionError("haproxy does not accept on port " + port + "\n" + child.output());
            }
            Thread.onSpinWait();
        }
    }

    private static boolean accepts(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
