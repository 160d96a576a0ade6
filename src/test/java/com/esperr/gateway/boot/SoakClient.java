package com.esperr.gateway.boot;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.Wire;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One impatient visitor after the other: some ask once, some keep their connection, some send request after request without waiting,
 * some leave in the middle. An answer must be whole and their own, or the gateway's, or visibly cut. Confined to one thread.
 */
final class SoakClient implements Runnable {

    private static final String[] METHODS = {"GET", "GET", "HEAD", "POST", "PUT"};

    /** What happened to the requests of all clients. */
    record Tally(
            AtomicInteger visits,
            AtomicInteger whole,
            AtomicInteger own,
            AtomicInteger cut,
            AtomicInteger left,
            Queue<String> wrong) {
        Tally(Queue<String> wrong) {
            this(
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    new AtomicInteger(),
                    wrong);
        }
    }

    private record Request(String method, String path, String wire) {}

    private final int name;
    private final int port;
    private final Tally tally;
    private final SoakPace pace;
    private final SplittableRandom random;
    private int sequence;
    private volatile boolean stopped;

    SoakClient(int name, int port, Tally tally, SoakPace pace) {
        this.name = name;
        this.port = port;
        this.tally = tally;
        this.pace = pace;
        this.random = new SplittableRandom(name);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            pace.await();
            tally.visits.incrementAndGet();
            try (RawClient client = RawClient.connect(port)) {
                int visitor = random.nextInt(10);
                if (visitor < 3) {
                    leave(client);
                } else if (visitor < 6) {
                    ask(client, requests(1 + random.nextInt(6)));
                } else {
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        ask(client, requests(1));
                    }
                }
            } catch (UncheckedIOException cut) {
                tally.cut.incrementAndGet();
            } catch (AssertionError e) {
                if (e.getCause() instanceof SocketTimeoutException || e.getCause() == null) {
                    tally.wrong.add("client " + name + ": " + e.getMessage());
                } else {
                    tally.cut.incrementAndGet();
                }
            }
        }
    }

    /** Sends a part of some requests, perhaps reads a little, and is gone. */
    private void leave(RawClient client) {
        String wire = wire(requests(1 + random.nextInt(3)));
        boolean whole = random.nextInt(3) == 0;
        client.send(whole ? wire : wire.substring(0, random.nextInt(wire.length() + 1)));
        if (random.nextInt(3) == 0) {
            client.halfClose();
        }
        if (whole && random.nextBoolean()) {
            client.readBytes(1 + random.nextInt(50));
        }
        if (random.nextBoolean()) {
            client.reset();
        }
        tally.left.incrementAndGet();
    }

    private void ask(RawClient client, List<Request> requests) {
        client.send(wire(requests));
        for (Request request : requests) {
            RawResponse response = client.readResponse(request.method);
            check(request, response);
            if (response.headers().lists("connection", "close")) {
                client.close();
                return;
            }
        }
    }

    private void check(Request request, RawResponse response) {
        String id = response.header("x-id");
        boolean own = id.isEmpty() && !response.header("esper-reference").isEmpty();
        if (own && response.status() >= 400) {
            tally.own.incrementAndGet();
        } else if (id.equals(request.path)
                && (request.method.equals("HEAD") || SoakOrigin.belongs(request.path, response.bodyText()))) {
            tally.whole.incrementAndGet();
        } else {
            tally.wrong.add("client " + name + ", " + request.path + ": " + Wire.escape(response.toString()));
        }
    }

    private List<Request> requests(int count) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String method = METHODS[random.nextInt(METHODS.length)];
            String path = "/" + name + "-" + sequence++ + "/";
            String head = method + " " + path + " HTTP/1.1\r\nHost: gw.test\r\n";
            requests.add(new Request(method, path, head + rest(method, path)));
        }
        return requests;
    }

    private String rest(String method, String path) {
        if (!method.startsWith("P")) {
            return "\r\n";
        }
        String body = SoakOrigin.body(path, random.nextInt(5) == 0 ? random.nextInt(8_000) : random.nextInt(20));
        return random.nextBoolean()
                ? "Content-Length: " + body.length() + "\r\n\r\n" + body
                : "Transfer-Encoding: chunked\r\n\r\n" + SoakOrigin.chunks(body);
    }

    private static String wire(List<Request> requests) {
        StringBuilder wire = new StringBuilder();
        requests.forEach(request -> wire.append(request.wire));
        return wire.toString();
    }
}
