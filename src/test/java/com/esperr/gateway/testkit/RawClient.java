package com.esperr.gateway.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends exactly the bytes it is given and reads responses strictly: what a careful peer would not accept fails the test.
 * Every read waits at most the read timeout. One thread may send while another reads.
 */
public final class RawClient implements AutoCloseable {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final Socket socket;
    private final OutputStream out;
    private final WireReader reader;
    private final AtomicLong received = new AtomicLong();

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.reader = new WireReader(socket, received);
    }

    /** Connects to a port of 127.0.0.1. */
    public static RawClient connect(int port) {
        return connect("127.0.0.1", port);
    }

    /** Connects, with a read timeout of ten seconds. */
    public static RawClient connect(String host, int port) {
        return connect(null, host, port);
    }

    /** Connects to a port of 127.0.0.1 from {@code local}, an address of this machine such as 127.0.0.9. */
    public static RawClient connectFrom(String local, int port) {
        return connect(new InetSocketAddress(local, 0), "127.0.0.1", port);
    }

    private static RawClient connect(@Nullable InetSocketAddress local, String host, int port) {
        Socket socket = new Socket();
        try {
            socket.bind(local);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(READ_TIMEOUT.toMillis()));
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("connect " + host + ":" + port, e);
        }
    }

    /** Connects, sends one request, reads its response and closes. */
    public static RawResponse exchange(int port, String latin1) {
        try (RawClient client = connect(port)) {
            return client.send(latin1).readResponse(methodOf(latin1));
        }
    }

    /** Changes how long a read may wait. */
    public RawClient readTimeout(Duration timeout) {
        try {
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Sends a text in which every char is one byte. */
    public RawClient send(String latin1) {
        return send(Wire.bytes(latin1));
    }

    /** Sends these bytes as they are, in one write. */
    public RawClient send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("send", e);
        }
    }

    /** Sends what may be cut off by the peer; returns whether all of it was taken. */
    public boolean trySend(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends that many bytes of {@link Pattern}. */
    public RawClient sendPattern(long count) {
        try {
            Pattern.writeTo(out, count);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("send", e);
        }
    }

    /** Sends that many bytes of {@link Pattern} in chunks, with the last one. */
    public RawClient sendPatternChunked(long count) {
        try {
            ChunkedOutput chunks = new ChunkedOutput(out);
            Pattern.writeTo(chunks, count);
            chunks.close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("send", e);
        }
    }

    /** Reads the response to a GET or POST. */
    public RawResponse readResponse() {
        return readResponse("GET");
    }

    /** Reads the final response to a request of that method, with the 1xx heads before it. */
    public RawResponse readResponse(String method) {
        List<String> interim = new ArrayList<>();
        RawResponse.Head head = RawResponse.Head.parse(readHead());
        while (head.isInterim()) {
            interim.add(head.raw());
            head = RawResponse.Head.parse(readHead());
        }
        return readBody(head, method, interim);
    }

    /** Reads one head, interim or final, and nothing behind it. */
    public String readHead() {
        return reading("a head", () -> {
            String head = reader.head();
            if (head == null) {
                throw new EOFException("closed before the first byte");
            }
            return head;
        });
    }

    /** Reads exactly that many raw bytes. */
    public byte[] readBytes(int count) {
        BodyCapture bytes = new BodyCapture();
        reading(count + " bytes", () -> {
            reader.exactly(count, bytes);
            return bytes;
        });
        return bytes.bytes();
    }

    /** Reads what comes until the peer closes or resets the connection. */
    public String readUntilClose() {
        BodyCapture rest = new BodyCapture();
        try {
            reader.toEnd(rest);
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "still open after " + timeout() + ", bytes so far: " + Wire.escape(Wire.text(rest.bytes())), e);
        } catch (IOException e) {
            return Wire.text(rest.bytes());
        }
        return Wire.text(rest.bytes());
    }

    /** Whether the peer closes within the read timeout without sending one more byte. */
    public boolean isClosedByPeer() {
        try {
            return reader.some(1, (buffer, offset, count) -> {}) < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Bytes received so far. */
    public long bytesReceived() {
        return received.get();
    }

    /** The local port, which is what the peer sees. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Sends FIN and keeps reading. */
    public RawClient halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("half-close", e);
        }
    }

    /** Drops the connection with RST. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("reset", e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close", e);
        }
    }

    private RawResponse readBody(RawResponse.Head head, String method, List<String> interim) {
        BodyCapture body = new BodyCapture();
        List<String> problems = new ArrayList<>();
        RawHeaders trailers = reading("a body", () -> copyBody(head, method, body, problems));
        if (!problems.isEmpty()) {
            throw new AssertionError("response body: " + problems);
        }
        return new RawResponse(
                head.raw(),
                head.statusLine(),
                head.status(),
                head.headers(),
                body.bytes(),
                body.length(),
                body.crc32(),
                trailers,
                List.copyOf(interim));
    }

    private RawHeaders copyBody(RawResponse.Head head, String method, BodyCapture body, List<String> problems)
            throws IOException {
        List<String> lengths = head.headers().all("content-length");
        boolean chunked = head.headers().has("transfer-encoding");
        if (lengths.size() > 1 || (chunked && !lengths.isEmpty())) {
            throw new IOException("ambiguous framing: " + Wire.escape(head.raw()));
        }
        if (!head.mayHaveBody(method)) {
            return RawHeaders.NONE;
        }
        if (chunked) {
            return reader.chunked(body, problems);
        }
        if (lengths.isEmpty()) {
            reader.toEnd(body);
        } else {
            reader.exactly(Long.parseLong(lengths.get(0)), body);
        }
        return RawHeaders.NONE;
    }

    private <T> T reading(String what, Reading<T> step) {
        try {
            return step.run();
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    what + ": nothing more within " + timeout() + ", bytes so far: " + Wire.escape(reader.seen()), e);
        } catch (IOException e) {
            throw new AssertionError(what + ": " + e.getMessage() + ", bytes so far: " + Wire.escape(reader.seen()), e);
        }
    }

    private String timeout() {
        try {
            return socket.getSoTimeout() + " ms";
        } catch (SocketException e) {
            return "the read timeout";
        }
    }

    private static String methodOf(String request) {
        return request.startsWith("HEAD ") ? "HEAD" : "GET";
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }
}
