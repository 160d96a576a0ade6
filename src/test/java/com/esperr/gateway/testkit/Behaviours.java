package com.esperr.gateway.testkit;

import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ready-made good and bad manners of a test origin. All are stateless except {@link #inTurn}; thread-safe.
 */
public final class Behaviours {

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private Behaviours() {}

    /** 200 with a line that repeats method and target. */
    public static Behaviour hello() {
        return exchange -> {
            ReceivedRequest request = exchange.request();
            respond(200, request.method() + " " + request.target() + "\n").respond(exchange);
        };
    }

    /** Reads the body, then answers with a content length; header lines are given without line end. */
    public static Behaviour respond(int status, String body, String... headerLines) {
        return exchange -> {
            exchange.readBody();
            boolean bare = status == 204 || status == 304;
            String head = "HTTP/1.1 " + status + " Test\r\n"
                    + lines(headerLines)
                    + (bare ? "" : "Content-Length: " + body.length() + "\r\n")
                    + "\r\n";
            boolean withBody = !bare && !exchange.request().method().equals("HEAD");
            exchange.send(head + (withBody ? body : ""));
        };
    }

    /** Reads the body, then answers 200 in these chunks. */
    public static Behaviour chunked(String... chunks) {
        return chunkedWithTrailers(List.of(chunks));
    }

    /** Reads the body, then answers 200 in these chunks, with these trailer lines behind the last one. */
    public static Behaviour chunkedWithTrailers(List<String> chunks, String... trailerLines) {
        return exchange -> {
            exchange.readBody().send(OK + "Transfer-Encoding: chunked\r\n\r\n");
            for (String chunk : chunks) {
                exchange.send(chunk(chunk));
            }
            exchange.send("0\r\n" + lines(trailerLines) + "\r\n");
        };
    }

    /** Answers 200 with that many bytes of {@link Pattern} under a content length. */
    public static Behaviour stream(long count) {
        return exchange -> {
            exchange.readBody().send(OK + "Content-Length: " + count + "\r\n\r\n");
            Pattern.writeTo(exchange.out(), count);
        };
    }

    /** Answers 200 with that many bytes of {@link Pattern} in chunks of 64 KiB. */
    public static Behaviour streamChunked(long count) {
        return exchange -> {
            exchange.readBody().send(OK + "Transfer-Encoding: chunked\r\n\r\n");
            OutputStream chunks = new ChunkedOutput(exchange.out());
            Pattern.writeTo(chunks, count);
            chunks.close();
        };
    }

    /** Answers 200 and returns the request body while it arrives. */
    public static Behaviour echo() {
        return exchange -> {
            exchange.send(OK + "Transfer-Encoding: chunked\r\n\r\n");
            OutputStream chunks = new ChunkedOutput(exchange.out());
            exchange.readBody(chunks::write);
            chunks.close();
        };
    }

    /** Closes the connection without a word. */
    public static Behaviour closeWithoutReply() {
        return exchange -> exchange.readBody().close();
    }

    /** Resets the connection without a word. */
    public static Behaviour resetWithoutReply() {
        return OriginExchange::reset;
    }

    /** Announces more bytes than it sends, then closes. */
    public static Behaviour closeMidBody(long announced, long sent) {
        return exchange -> {
            exchange.readBody().send(OK + "Content-Length: " + announced + "\r\n\r\n");
            Pattern.writeTo(exchange.out(), sent);
            exchange.close();
        };
    }

    /** Announces more bytes than it sends, then resets once the latch is open, so that what was sent can arrive first. */
    public static Behaviour resetMidBody(long announced, long sent, CountDownLatch latch) {
        return exchange -> {
            exchange.readBody().send(OK + "Content-Length: " + announced + "\r\n\r\n");
            Pattern.writeTo(exchange.out(), sent);
            exchange.hold(latch).reset();
        };
    }

    /** Announces more bytes than it sends at first, and sends the rest once the latch is open. */
    public static Behaviour stallMidBody(long announced, long sent, CountDownLatch latch) {
        return exchange -> {
            exchange.readBody().send(OK + "Content-Length: " + announced + "\r\n\r\n");
            Pattern.writeTo(exchange.out(), sent);
            exchange.hold(latch);
            Pattern.writeTo(exchange.out(), announced - sent);
        };
    }

    /** Does nothing until the latch is open. */
    public static Behaviour stallUntil(CountDownLatch latch, Behaviour then) {
        return exchange -> then.respond(exchange.hold(latch));
    }

    /** Never answers; ends when the client closes. */
    public static Behaviour silent() {
        return exchange -> exchange.readBody().holdUntilClosed();
    }

    /** Answers before it reads the body, then reads on. */
    public static Behaviour earlyFinal(int status, String body) {
        return exchange -> exchange.send(
                        "HTTP/1.1 " + status + " Early\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .readBody();
    }

    /** Answers before it reads the body and closes at once. */
    public static Behaviour earlyFinalThenClose(int status, String body) {
        return exchange -> exchange.send("HTTP/1.1 " + status + " Early\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .close();
    }

    /** Sends these interim heads, such as {@code "103 Early Hints\r\nLink: </a.css>"}, then goes on. */
    public static Behaviour interim(List<String> heads, Behaviour then) {
        return exchange -> {
            for (String head : heads) {
                exchange.send("HTTP/1.1 " + head + "\r\n\r\n");
            }
            then.respond(exchange);
        };
    }

    /** Reads the body, sends these bytes and keeps the connection open. */
    public static Behaviour verbatim(String latin1) {
        return exchange -> exchange.readBody().send(latin1);
    }

    /** Reads the body, sends these bytes and closes. */
    public static Behaviour verbatimThenClose(String latin1) {
        return exchange -> exchange.readBody().send(latin1).close();
    }

    /** Answers in HTTP/1.0, the body ends with the connection. */
    public static Behaviour closeDelimited(String body) {
        return verbatimThenClose("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body);
    }

    /** The first request gets the first behaviour and so on; the last one stays. */
    public static Behaviour inTurn(Behaviour... behaviours) {
        AtomicInteger next = new AtomicInteger();
        return exchange -> behaviours[Math.min(next.getAndIncrement(), behaviours.length - 1)].respond(exchange);
    }

    private static String chunk(String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }

    private static String lines(String... lines) {
        return lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    }
}
