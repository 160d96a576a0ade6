package com.esperr.gateway.testkit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a feed of mitigations on a loopback port, which says byte for byte what a test tells it to. Each
 * connection meets the next behaviour of the script, the last one again and again. Thread-safe.
 */
public final class TestFeed implements AutoCloseable {
    /** Where the contract has the feed. */
    public static final String PATH = "/api/v1/hybrid/mitigations";

    private final TestOrigin origin = TestOrigin.start(this::respond);
    private final Queue<Behaviour> script = new ArrayDeque<>();
    private final List<OriginExchange> listening = new CopyOnWriteArrayList<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private Behaviour current = status(503);

    private TestFeed() {}

    /** Starts on a free port; until it is told otherwise it answers 503. */
    public static TestFeed start() {
        return new TestFeed();
    }

    /** What connections meet from now on, one after the other. */
    public synchronized TestFeed then(Behaviour... behaviours) {
        script.clear();
        script.addAll(List.of(behaviours));
        return this;
    }

    /** An answer without a feed. */
    public static Behaviour status(int status) {
        return exchange -> exchange.send("HTTP/1.1 " + status + " Sorry\r\nContent-Length: 2\r\n\r\n{}");
    }

    /** Says that, piece by piece, and then goes on listening to {@link #tell}. */
    public Behaviour says(String... pieces) {
        return exchange -> {
            begin(exchange, pieces);
            listening.add(exchange);
            try {
                exchange.holdUntilClosed();
            } finally {
                listening.remove(exchange);
            }
        };
    }

    /** Says that and resets the connection in the middle of whatever it is. */
    public static Behaviour cutsAfter(String... pieces) {
        return exchange -> {
            begin(exchange, pieces);
            exchange.reset();
        };
    }

    private static void begin(OriginExchange exchange, String... pieces) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (String piece : pieces) {
            chunk(exchange, piece);
        }
    }

    private static void chunk(OriginExchange exchange, String text) throws IOException {
        exchange.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** Tells everybody who listens. */
    public void tell(String text) {
        for (OriginExchange exchange : listening) {
            try {
                chunk(exchange, text);
            } catch (IOException gone) {
                listening.remove(exchange);
            }
        }
    }

    /** How many listen. */
    public int listeners() {
        return listening.size();
    }

    /** The query strings of the questions so far, empty where there was none. */
    public List<String> queries() {
        return List.copyOf(queries);
    }

    /** What a strict server would have refused, a wrong key or path included. */
    public List<String> violations() {
        List<String> found = new ArrayList<>(origin.violations());
        for (ReceivedRequest request : origin.requests()) {
            if (!request.path().equals(PATH)) {
                found.add("path: " + request.path());
            }
            if (!request.headers().all("x-esper-api-key").equals(List.of(TestEsper.API_KEY))) {
                found.add("x-esper-api-key: not the key");
            }
        }
        return found;
    }

    public String url() {
        return origin.url();
    }

    /** Stops listening and cuts everybody off. */
    public void stop() {
        origin.stop();
    }

    /** Listens again on the same port. */
    public void restart() {
        origin.restart();
    }

    @Override
    public void close() {
        origin.close();
    }

    private void respond(OriginExchange exchange) throws IOException, InterruptedException {
        String target = exchange.request().target();
        int query = target.indexOf('?');
        queries.add(query < 0 ? "" : target.substring(query + 1));
        next().respond(exchange);
    }

    private synchronized Behaviour next() {
        @Nullable Behaviour next = script.poll();
        if (next != null) {
            current = next;
        }
        return current;
    }
}
