package com.esperr.gateway.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real HTTP/1.1 origin on a loopback port that records every request byte for byte and behaves as it is told, path by path. What it
 * is not told about it answers with 200 and a line that repeats method and target. Thread-safe; each connection has its own thread.
 */
public final class TestOrigin implements AutoCloseable {

    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final List<ReceivedRequest> requests = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Behaviour byDefault = Behaviours.hello();
    private final HeldPort port = new HeldPort();
    private volatile ServerSocket listener;
    private volatile Thread acceptor;

    private TestOrigin() {
        listener = listen();
    }

    /** Starts on a free port of 127.0.0.1. */
    public static TestOrigin start() {
        return new TestOrigin();
    }

    /** Starts with that answer for every path. */
    public static TestOrigin start(Behaviour behaviour) {
        return new TestOrigin().otherwise(behaviour);
    }

    /** Sets what happens to requests for that path; the query string does not count. */
    public TestOrigin on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
        return this;
    }

    /** Sets what happens to requests for all other paths. */
    public TestOrigin otherwise(Behaviour behaviour) {
        byDefault = behaviour;
        return this;
    }

    public int port() {
        return port.number();
    }

    public String authority() {
        return "127.0.0.1:" + port();
    }

    public String url() {
        return "http://" + authority();
    }

    /** The requests whose heads have arrived, in order of arrival. */
    public List<ReceivedRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The only request that arrived, once the origin is through with it. */
    public ReceivedRequest onlyRequest() {
        List<ReceivedRequest> all = awaitRequests(1);
        if (all.size() != 1) {
            throw new AssertionError("requests: " + all + " (expected: exactly one)");
        }
        return all.get(0);
    }

    /** Waits until that many requests have arrived and been dealt with; returns all there are. */
    public List<ReceivedRequest> awaitRequests(int count) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        synchronized (requests) {
            while (requests.size() < count) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError(
                            "requests: " + requests + " (expected: " + count + " within " + Patience.LIMIT + ")");
                }
                pause(left);
            }
        }
        List<ReceivedRequest> all = requests();
        all.forEach(ReceivedRequest::awaitFinished);
        return all;
    }

    /** Everything a strict origin would have refused, over all requests. */
    public List<String> violations() {
        List<String> found = new ArrayList<>();
        synchronized (violations) {
            found.addAll(violations);
        }
        requests().forEach(request -> found.addAll(request.problems()));
        return found;
    }

    /** All bytes that ever arrived. */
    public long bytesReceived() {
        return bytes.get();
    }

    /** Waits until that many bytes have arrived in all. */
    public void awaitBytes(long count) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (bytes.get() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "bytes: " + bytes + " (expected: " + count + " within " + Patience.LIMIT + ")");
            }
            Thread.onSpinWait();
        }
    }

    public int connectionsAccepted() {
        return accepted.get();
    }

    public int connectionsOpen() {
        return open.size();
    }

    /** Forgets what was recorded; counters of connections and bytes go on. */
    public void forget() {
        synchronized (requests) {
            requests.clear();
        }
        synchronized (violations) {
            violations.clear();
        }
    }

    /** Closes all connections that are open now, and keeps listening. */
    public void dropConnections() {
        open.forEach(TestOrigin::closeQuietly);
    }

    /** Stops listening and closes all connections; {@link #restart} brings the same port back. */
    public void stop() {
        closeQuietly(listener);
        // The kernel goes on listening until the thread that waits in accept has left it.
        joinQuietly(acceptor);
        dropConnections();
        threads.forEach(Thread::interrupt);
    }

    /** Listens again on the same port. */
    public void restart() {
        if (listener.isClosed()) {
            listener = listen();
        }
    }

    @Override
    public void close() {
        stop();
        port.close();
    }

    private ServerSocket listen() {
        ServerSocket socket = port.listen(1024);
        acceptor = startThread("test-origin-" + port.number(), () -> acceptAll(socket));
        return socket;
    }

    private void acceptAll(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                int id = accepted.incrementAndGet();
                startThread("test-origin-connection-" + id, () -> serve(connection, id));
                if (socket.isClosed()) {
                    closeQuietly(connection);
                }
            } catch (IOException e) {
                closeQuietly(socket);
            }
        }
    }

    private void serve(Socket connection, int id) {
        try {
            connection.setTcpNoDelay(true);
            WireReader reader = new WireReader(connection, bytes);
            boolean more = true;
            for (int index = 0; more; index++) {
                more = serveOne(connection, reader, id, index);
            }
        } catch (IOException e) {
            // Noted before the close, so that a client who sees the close can rely on it.
            note("connection " + id, e);
        } finally {
            closeQuietly(connection);
            open.remove(connection);
        }
    }

    private boolean serveOne(Socket connection, WireReader reader, int id, int index) throws IOException {
        String head = reader.head();
        if (head == null) {
            return false;
        }
        ReceivedRequest request = ReceivedRequest.parse(head, id, index);
        synchronized (requests) {
            requests.add(request);
            requests.notifyAll();
        }
        OriginExchange exchange = new OriginExchange(request, connection, reader);
        try {
            behaviourFor(request).respond(exchange);
            if (!exchange.isClosing()) {
                exchange.readBody();
            }
        } catch (InterruptedException e) {
            return false;
        } finally {
            request.finish();
        }
        return !exchange.isClosing();
    }

    private Behaviour behaviourFor(ReceivedRequest request) {
        return behaviours.getOrDefault(request.path(), byDefault);
    }

    /** A connection that breaks is ordinary; bytes that no careful origin would take are a violation. */
    private void note(String where, IOException problem) {
        if (problem.getMessage() != null && problem.getMessage().contains("(expected:")) {
            synchronized (violations) {
                violations.add(where + ": " + problem.getMessage());
            }
        }
    }

    private Thread startThread(String name, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void pause(long millis) {
        try {
            requests.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for requests", e);
        }
    }

    private static void joinQuietly(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // Closing is all that was wanted; a socket that fails to close is closed.
        }
    }
}
