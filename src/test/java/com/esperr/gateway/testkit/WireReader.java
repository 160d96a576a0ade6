package com.esperr.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 messages strictly from a socket: lines end in CRLF, chunk sizes are plain hex digits. It remembers the last bytes
 * it saw for messages of failed tests. Confined to the thread that reads the connection.
 */
final class WireReader {

    /** Where the bytes of a body go. */
    @FunctionalInterface
    interface Sink {
        void accept(byte[] buffer, int offset, int count) throws IOException;
    }

    private static final int HEAD_LIMIT = 4 << 20;

    private final Socket socket;
    private final InputStream in;
    private final AtomicLong counter;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;
    private String unfinished = "";

    WireReader(Socket socket, AtomicLong counter) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.counter = counter;
    }

    /** The next head up to and including its empty line, or null if the peer closed before its first byte. */
    @Nullable
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        unfinished = "";
        try {
            while (matched < 4) {
                if (from == to && !fill()) {
                    if (head.size() == 0) {
                        return null;
                    }
                    throw new EOFException("closed inside a head: " + Wire.escape(latin1(head)));
                }
                int b = buffer[from++];
                head.write(b);
                if (head.size() > HEAD_LIMIT) {
                    throw new IOException("head: over " + HEAD_LIMIT + " bytes");
                }
                matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
            }
        } finally {
            unfinished = latin1(head);
        }
        return latin1(head);
    }

    /** Passes on exactly that many bytes. */
    void exactly(long count, Sink sink) throws IOException {
        long left = count;
        while (left > 0) {
            if (from == to && !fill()) {
                throw new EOFException("closed with " + left + " of " + count + " body bytes missing");
            }
            int step = (int) Math.min(left, to - from);
            sink.accept(buffer, from, step);
            from += step;
            left -= step;
        }
    }

    /** Passes on the data of a chunked body and returns its trailer fields. */
    RawHeaders chunked(Sink sink, List<String> problems) throws IOException {
        while (true) {
            String line = line();
            int semicolon = line.indexOf(';');
            if (semicolon >= 0) {
                problems.add("chunk extension: " + Wire.escape(line) + " (expected: none)");
            }
            String digits = semicolon < 0 ? line : line.substring(0, semicolon);
            long size = chunkSize(digits);
            if (size == 0) {
                return trailers(problems);
            }
            exactly(size, sink);
            String end = line();
            if (!end.isEmpty()) {
                throw new IOException("after chunk data: " + Wire.escape(end) + " (expected: CRLF)");
            }
        }
    }

    /** Passes on everything until the peer closes. */
    void toEnd(Sink sink) throws IOException {
        while (from < to || fill()) {
            sink.accept(buffer, from, to - from);
            from = to;
        }
    }

    /** Passes on at least one byte of what comes next, at most {@code limit}; returns how many, -1 at the end. */
    int some(int limit, Sink sink) throws IOException {
        if (from == to && !fill()) {
            return -1;
        }
        int step = Math.min(limit, to - from);
        sink.accept(buffer, from, step);
        from += step;
        return step;
    }

    /** Waits up to that long for the peer to close; bytes that arrive instead are kept for the next read. */
    boolean closedWithin(int millis) throws IOException {
        int before = socket.getSoTimeout();
        try {
            socket.setSoTimeout(millis);
            compact();
            if (to == buffer.length) {
                return false;
            }
            int count = in.read(buffer, to, buffer.length - to);
            arrived(count);
            return count < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(before);
            }
        }
    }

    boolean isFull() {
        return from == 0 && to == buffer.length;
    }

    /** The head that was being read last and what is buffered behind it, for messages. */
    String seen() {
        return unfinished + Wire.text(Arrays.copyOfRange(buffer, from, to));
    }

    private RawHeaders trailers(List<String> problems) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = line();
        while (!line.isEmpty()) {
            lines.add(line);
            line = line();
        }
        return RawHeaders.parse(lines, problems);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (from == to && !fill()) {
                throw new EOFException("closed inside a line: " + Wire.escape(line.toString()));
            }
            char c = (char) (buffer[from++] & 0xff);
            line.append(c);
            int length = line.length();
            if (c == '\n') {
                if (length < 2 || line.charAt(length - 2) != '\r') {
                    throw new IOException("line: " + Wire.escape(line.toString()) + " (expected: CRLF at its end)");
                }
                return line.substring(0, length - 2);
            }
            if (length > HEAD_LIMIT) {
                throw new IOException("line: over " + HEAD_LIMIT + " bytes");
            }
        }
    }

    private static long chunkSize(String digits) throws IOException {
        String lower = digits.toLowerCase(Locale.ROOT);
        boolean hex = !lower.isEmpty()
                && lower.length() <= 15
                && lower.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (!hex) {
            throw new IOException("chunk size: " + Wire.escape(digits) + " (expected: 1 to 15 hex digits)");
        }
        return Long.parseLong(lower, 16);
    }

    private boolean fill() throws IOException {
        from = 0;
        to = 0;
        int count = in.read(buffer, 0, buffer.length);
        arrived(count);
        return count > 0;
    }

    private void arrived(int count) {
        if (count > 0) {
            to += count;
            counter.addAndGet(count);
        }
    }

    private void compact() {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
    }

    private static String latin1(ByteArrayOutputStream bytes) {
        return Wire.text(bytes.toByteArray());
    }
}
