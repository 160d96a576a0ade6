package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A loopback port that passes bytes on to another one, both ways, until it cuts everybody off. Thread-safe. */
public final class TestRelay implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TestRelay(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Starts on a free port, passing on to {@code target}. */
    public static TestRelay to(int target) {
        try {
            ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            TestRelay relay = new TestRelay(listener, target);
            relay.start(relay::acceptAll);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts on a port of another address of this machine, such as 127.0.0.2, where somebody has that port on 127.0.0.1. */
    public static TestRelay at(String address, int port, int target) {
        try {
            ServerSocket listener = new ServerSocket(port, BACKLOG, InetAddress.getByName(address));
            TestRelay relay = new TestRelay(listener, target);
            relay.start(relay::acceptAll);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Cuts all connections there are, wherever in a message that is. */
    public void cut() {
        open.forEach(TestRelay::close);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "relay-" + port());
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(server);
                start(() -> pass(client, server));
                start(() -> pass(server, client));
            }
        } catch (IOException over) {
            // The relay was closed, or the other side is gone.
            cut();
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // Ends the other direction as well, below.
        } finally {
            close(from);
            close(to);
            open.remove(from);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
