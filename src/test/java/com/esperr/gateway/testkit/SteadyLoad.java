package com.esperr.gateway.testkit;

import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Visitors who ask without a break, some on connections that they keep as long as they may, some on a new one each time, until it is
 * closed. What they are not answered with 200 is a failure; whoever is told that a connection ends asks on another one. Thread-safe.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final int MOST_FAILURES = 20;
    private static final String REQUEST = "GET /load HTTP/1.1\r\nHost: shop.test\r\n%s\r\n";

    private final IntSupplier port;
    private final List<Thread> visitors = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private SteadyLoad(IntSupplier port) {
        this.port = port;
    }

    /** Begins with so many visitors of each kind at the port of 127.0.0.1. */
    public static SteadyLoad at(int port, int keeping, int leaving) {
        SteadyLoad load = new SteadyLoad(() -> port);
        for (int i = 0; i < keeping; i++) {
            load.begin(load::keep);
        }
        for (int i = 0; i < leaving; i++) {
            load.begin(load::leave);
        }
        return load;
    }

    private void begin(Runnable visits) {
        Thread visitor = new Thread(
                () -> {
                    while (!closed && failures.size() < MOST_FAILURES) {
                        visits.run();
                    }
                },
                "visitor-" + visitors.size());
        visitor.setDaemon(true);
        visitors.add(visitor);
        visitor.start();
    }

    private void keep() {
        boolean first = true;
        int from = 0;
        try (RawClient client = RawClient.connect(port.getAsInt())) {
            from = client.localPort();
            connections.incrementAndGet();
            boolean more = true;
            while (more && !closed) {
                more = again(client, first);
                first = false;
            }
        } catch (RuntimeException | AssertionError failed) {
            failures.add("kept connection from port " + from + ": " + reason(failed));
        }
    }

    /** Asks once more; whether that can be done again on this connection. */
    private boolean again(RawClient client, boolean first) {
        long before = client.bytesReceived();
        try {
            RawResponse response = client.send(REQUEST.formatted("")).readResponse();
            return take(response) && !"close".equalsIgnoreCase(response.header("Connection"));
        } catch (RuntimeException | AssertionError failed) {
            if (first || client.bytesReceived() > before || failed.getCause() instanceof SocketTimeoutException) {
                throw failed;
            }
            // Closed while the request was on its way, which no server can help: every client sends it again (RFC 9110
            // section 9.2.2).
            repeated.incrementAndGet();
            return false;
        }
    }

    private void leave() {
        int from = 0;
        try (RawClient client = RawClient.connect(port.getAsInt())) {
            from = client.localPort();
            connections.incrementAndGet();
            take(client.send(REQUEST.formatted("Connection: close\r\n")).readResponse());
        } catch (RuntimeException | AssertionError failed) {
            failures.add("new connection from port " + from + ": " + reason(failed));
        }
    }

    private static String reason(Throwable failed) {
        Throwable cause = failed.getCause();
        return Instant.now() + " " + failed.getMessage() + (cause == null ? "" : ": " + cause);
    }

    private boolean take(RawResponse response) {
        if (response.status() != 200) {
            failures.add("status " + response.status() + ": " + response.bodyText());
            return false;
        }
        answered.incrementAndGet();
        return true;
    }

    /** Requests that were answered so far. */
    public long answered() {
        return answered.get();
    }

    /** Connections that were made so far. */
    public long connections() {
        return connections.get();
    }

    /** Requests that a kept connection did not take any more, so that they were sent again on another one. */
    public long repeated() {
        return repeated.get();
    }

    /** What went wrong so far. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends it, and waits for those who are still being answered. */
    @Override
    public void close() {
        closed = true;
        for (Thread visitor : visitors) {
            try {
                visitor.join(30_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
