package com.esperr.gateway.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A crowd of connections to a port of 127.0.0.1 that say nothing, in a process of its own, because one process may not have as many
 * files open as both ends together need. Closing it closes them all. Confined to the thread of the test.
 */
public final class Crowd implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);

    private final ChildProcess process;

    private Crowd(ChildProcess process) {
        this.process = process;
    }

    /** Opens so many, which gives way to everybody else as {@code nice} does; all of them are connected when this returns. */
    public static Crowd of(int port, int count, int niceness) {
        try {
            Path classes = Path.of(Crowd.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Crowd crowd = new Crowd(ChildProcess.start(new ProcessBuilder(
                    "nice",
                    "-n",
                    Integer.toString(niceness),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-cp",
                    classes.toString(),
                    Crowd.class.getName(),
                    Integer.toString(port),
                    Integer.toString(count))));
            crowd.process.awaitLine(line -> line.equals("connected " + count), START);
            return crowd;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The other process: connects, says so, and stays for at most two minutes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
        }
        System.out.println("connected " + sockets.size());
        Thread.currentThread().join(START.toMillis());
    }

    @Override
    public String toString() {
        return "a crowd";
    }

    @Override
    public void close() {
        process.close();
    }
}
