package com.esperr.gateway.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request as it arrived at a test server, byte for byte. The head is immutable; the body grows while it arrives. Thread-safe.
 */
public final class ReceivedRequest {

    private final String rawHead;
    private final String method;
    private final String target;
    private final String version;
    private final RawHeaders headers;
    private final int connectionId;
    private final int indexOnConnection;
    private final List<String> problems = new ArrayList<>();
    private final BodyCapture body = new BodyCapture();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean complete;
    private volatile RawHeaders trailers = RawHeaders.NONE;

    private ReceivedRequest(String rawHead, String[] requestLine, RawHeaders headers, int connectionId, int index) {
        this.rawHead = rawHead;
        this.method = requestLine[0];
        this.target = requestLine[1];
        this.version = requestLine[2];
        this.headers = headers;
        this.connectionId = connectionId;
        this.indexOnConnection = index;
    }

    /** Reads a head the way a strict origin would and notes everything such an origin would refuse. */
    static ReceivedRequest parse(String rawHead, int connectionId, int indexOnConnection) {
        List<String> problems = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of(rawHead.split("\r\n")));
        String first = lines.isEmpty() ? "" : lines.remove(0);
        String[] requestLine = first.split(" ", -1);
        if (requestLine.length != 3 || !Wire.isToken(requestLine[0]) || !requestLine[2].matches("HTTP/1\\.[01]")) {
            problems.add("request line: " + Wire.escape(first) + " (expected: method target HTTP/1.x)");
            requestLine = new String[] {"", first, ""};
        } else if (requestLine[1].chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
            problems.add("request target: " + Wire.escape(requestLine[1]) + " (expected: visible ASCII)");
        }
        RawHeaders headers = RawHeaders.parse(lines, problems);
        ReceivedRequest request = new ReceivedRequest(rawHead, requestLine, headers, connectionId, indexOnConnection);
        request.checkFraming(problems);
        request.problems.addAll(problems);
        return request;
    }

    public String rawHead() {
        return rawHead;
    }

    public String method() {
        return method;
    }

    /** The request target as it was sent. */
    public String target() {
        return target;
    }

    /** The target up to its question mark. */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    public String version() {
        return version;
    }

    public RawHeaders headers() {
        return headers;
    }

    /** The first value of that header, or an empty text. */
    public String header(String name) {
        String value = headers.first(name);
        return value == null ? "" : value;
    }

    /** Counts the connections of the server from 1. */
    public int connectionId() {
        return connectionId;
    }

    /** Counts the requests of the connection from 0. */
    public int indexOnConnection() {
        return indexOnConnection;
    }

    /** What a strict origin would have refused about this request; empty for a clean one. */
    public List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    /** The first bytes of the decoded body, at most 4 MiB of it. */
    public byte[] body() {
        return body.bytes();
    }

    /** The kept part of the body, one char a byte. */
    public String bodyText() {
        return Wire.text(body.bytes());
    }

    /** The number of decoded body bytes so far. */
    public long bodyLength() {
        return body.length();
    }

    /** The checksum of all decoded body bytes so far. */
    public long bodyCrc32() {
        return body.crc32();
    }

    public RawHeaders trailers() {
        return trailers;
    }

    /** Whether the whole body arrived. */
    public boolean isComplete() {
        return complete;
    }

    /** Waits until the server is through with this request, whether its body arrived whole or not. */
    public ReceivedRequest awaitFinished() {
        try {
            if (!finished.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("request still under way after 10 s: " + this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + this, e);
        }
        return this;
    }

    @Override
    public String toString() {
        return Wire.escape(rawHead) + " + " + body.length() + " body bytes";
    }

    boolean isChunked() {
        return headers.has("transfer-encoding");
    }

    long contentLength() {
        String length = headers.first("content-length");
        return length == null || !length.matches("[0-9]{1,18}") ? 0 : Long.parseLong(length);
    }

    boolean wantsClose() {
        return headers.lists("connection", "close")
                || version.equals("HTTP/1.0")
                || !problems().isEmpty();
    }

    BodyCapture capture() {
        return body;
    }

    void bodyArrived(RawHeaders trailerFields) {
        trailers = trailerFields;
        complete = true;
    }

    void problem(String text) {
        synchronized (problems) {
            problems.add(text);
        }
    }

    void finish() {
        finished.countDown();
    }

    private void checkFraming(List<String> found) {
        List<String> lengths = headers.all("content-length");
        List<String> codings = headers.all("transfer-encoding");
        if (lengths.size() + codings.size() > 1) {
            found.add("framing: " + lengths + " and " + codings + " (expected: one length)");
        }
        if (codings.stream().anyMatch(coding -> !coding.equalsIgnoreCase("chunked"))) {
            found.add("transfer-encoding: " + codings + " (expected: chunked)");
        }
        if (lengths.stream().anyMatch(length -> !length.matches("[0-9]{1,18}"))) {
            found.add("content-length: " + lengths + " (expected: digits)");
        }
        if (headers.all("host").size() != 1 && version.equals("HTTP/1.1")) {
            found.add("host: " + headers.all("host") + " (expected: exactly one)");
        }
    }
}
