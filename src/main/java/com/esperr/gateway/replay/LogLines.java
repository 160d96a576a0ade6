package com.esperr.gateway.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Reads a recording or an access log line by line, also compressed with gzip. Confined to one thread. */
final class LogLines {
    private static final int BUFFER = 1 << 20;
    private static final int LONGEST_LINE = 1 << 20;

    private LogLines() {}

    /** Is told of every line. */
    interface Sink {
        /** One line, without its end. The bytes are only lent. */
        void line(byte[] bytes, int from, int length) throws IOException;
    }

    static void read(Path file, Sink sink) throws IOException {
        try (InputStream in = open(file)) {
            byte[] buffer = new byte[BUFFER];
            int filled = 0;
            for (int read = in.read(buffer, 0, BUFFER);
                    read >= 0;
                    read = in.read(buffer, filled, buffer.length - filled)) {
                filled += read;
                int start = lines(buffer, filled, sink);
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
                if (filled == buffer.length) {
                    if (filled > LONGEST_LINE) {
                        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
                    }
                    buffer = Arrays.copyOf(buffer, 2 * filled);
                }
            }
            if (filled > 0) {
                sink.line(buffer, 0, filled);
            }
        }
    }

    private static int lines(byte[] buffer, int filled, Sink sink) throws IOException {
        int start = 0;
        for (int i = 0; i < filled; i++) {
            if (buffer[i] == '\n') {
                int end = i > start && buffer[i - 1] == '\r' ? i - 1 : i;
                if (end > start) {
                    sink.line(buffer, start, end - start);
                }
                start = i + 1;
            }
        }
        return start;
    }

    private static InputStream open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("no such file (expected: a recording or an access log)");
        }
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, BUFFER) : in;
    }
}
