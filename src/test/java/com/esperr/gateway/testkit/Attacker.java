package com.esperr.gateway.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Somebody who attacks a port of 127.0.0.1 from a process of his own, so that what he does himself costs the visitors of a test
 * nothing that another machine would not cost them. Confined to one thread.
 */
public final class Attacker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int SEND = 1;
    private static final int HOLD = 2;
    private static final int RELEASE = 3;
    private static final int SHOWN = 12;

    private final ChildProcess process;
    private final DataOutputStream orders;
    private int given;

    private Attacker(ChildProcess process) {
        this.process = process;
        this.orders = new DataOutputStream(process.input());
    }

    /** Begins, and gives way to everybody else on this machine as {@code nice} does, from 0 for not at all to 19. */
    public static Attacker on(int port, int niceness) {
        List<String> command = new ArrayList<>(List.of("nice", "-n", Integer.toString(niceness)));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes()));
        command.addAll(List.of(Attacker.class.getName(), Integer.toString(port)));
        return new Attacker(ChildProcess.start(new ProcessBuilder(command)));
    }

    private static String classes() {
        try {
            return Path.of(Attacker.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens so many connections, sends {@code bytes} on each, and reads until each is closed; how the answers began, each once. */
    public List<String> send(int connections, byte[] bytes) {
        String answers = order(SEND, connections, bytes);
        return answers.isEmpty() ? List.of() : List.of(answers.split("\\|"));
    }

    /** Opens so many connections, sends {@code bytes} on each, and reads nothing. */
    public void hold(int connections, byte[] bytes) {
        order(HOLD, connections, bytes);
    }

    /** Closes those. */
    public void release() {
        order(RELEASE, 0, new byte[0]);
    }

    private String order(int what, int connections, byte[] bytes) {
        try {
            orders.writeByte(what);
            orders.writeInt(connections);
            orders.writeInt(bytes.length);
            orders.write(bytes);
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(process.output(), e);
        }
        String done = "done " + ++given + " ";
        return process.awaitLine(line -> line.startsWith(done), PATIENCE).substring(done.length());
    }

    /** The other process: does as it is told until nobody tells it any more. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        DataInputStream orders = new DataInputStream(System.in);
        List<Socket> open = new ArrayList<>();
        for (int done = 1; ; done++) {
            int what = orders.read();
            if (what < 0) {
                return;
            }
            int connections = orders.readInt();
            byte[] bytes = orders.readNBytes(orders.readInt());
            for (int i = 0; i < connections; i++) {
                open.add(attack(port, bytes));
            }
            TreeSet<String> answers = new TreeSet<>();
            if (what != HOLD) {
                for (Socket socket : open) {
                    answers.add(what == SEND ? readAll(socket) : "");
                    socket.close();
                }
                open.clear();
            }
            answers.remove("");
            System.out.println("done " + done + " " + String.join("|", answers));
        }
    }

    private static Socket attack(int port, byte[] bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } catch (IOException cutOff) {
            // Before it had all been said.
        }
        return socket;
    }

    /** How what comes begins; nothing if the connection is cut. */
    private static String readAll(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] first = in.readNBytes(SHOWN);
            in.transferTo(OutputStream.nullOutputStream());
            String text = new String(first, StandardCharsets.ISO_8859_1);
            return text.startsWith("HTTP/") ? text : "";
        } catch (SocketTimeoutException open) {
            throw new EOFException("still open after " + PATIENCE);
        } catch (IOException cut) {
            return "";
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
