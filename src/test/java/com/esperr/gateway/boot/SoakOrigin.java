package com.esperr.gateway.boot;

import com.esperr.gateway.testkit.Behaviour;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.Wire;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An origin that is mostly well behaved and sometimes not. Every body, in either direction, is the path of its request over and over,
 * so that a byte in the wrong place shows wherever it is. Thread-safe.
 */
final class SoakOrigin implements Behaviour {

    private final Queue<String> wrong;

    /** Notes in {@code wrong} what should not have arrived. */
    SoakOrigin(Queue<String> wrong) {
        this.wrong = wrong;
    }

    /** The body that belongs to a path. */
    static String body(String path, int times) {
        return path.repeat(times);
    }

    /** Whether a body is whole copies of the path and nothing else. */
    static boolean belongs(String path, String body) {
        return body.length() % path.length() == 0 && body.equals(path.repeat(body.length() / path.length()));
    }

    @Override
    public void respond(OriginExchange exchange) throws IOException, InterruptedException {
        ReceivedRequest request = exchange.request();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String head = "HTTP/1.1 200 OK\r\nX-Id: " + request.path() + "\r\n";
        String body = body(request.path(), random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(20));
        if (request.method().equals("HEAD")) {
            exchange.send(head + "Content-Length: " + body.length() + "\r\n\r\n");
            return;
        }
        int kind = random.nextInt(100);
        if (kind < 2) {
            exchange.send(head.replace("200 OK", "403 Early") + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            check(exchange);
            return;
        }
        check(exchange);
        String whole = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        String part = whole.substring(0, random.nextInt(whole.length()));
        switch (kind) {
            case 2 -> exchange.close();
            case 3 -> exchange.reset();
            case 4 -> exchange.holdUntilClosed();
            case 5 -> exchange.send(part).close();
            case 6 -> exchange.send(part).reset();
            case 7 -> exchange.send(part).holdUntilClosed();
            case 8 -> exchange.send(whole).close();
            case 9 -> exchange.send(head + "Connection: close\r\n\r\n" + body).close();
            default -> {
                if (kind % 2 == 0) {
                    exchange.send(whole);
                } else {
                    exchange.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body));
                }
            }
        }
    }

    private void check(OriginExchange exchange) throws IOException {
        ReceivedRequest request = exchange.readBody().request();
        if (!belongs(request.path(), request.bodyText())) {
            wrong.add("origin, " + request.path() + ": " + Wire.escape(request.bodyText()));
        }
    }

    /** The body in two chunks and the last one. */
    static String chunks(String body) {
        int cut = body.length() / 3;
        return chunk(body.substring(0, cut)) + chunk(body.substring(cut)) + "0\r\n\r\n";
    }

    private static String chunk(String data) {
        return data.isEmpty() ? "" : Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
