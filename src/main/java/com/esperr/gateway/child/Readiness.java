package com.esperr.gateway.child;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks whether an application is ready; blocks for a second at the most. Immutable. */
final class Readiness {
    private static final long LIMIT_NANOS = 1_000_000_000;
    private static final int STATUS_LINE = 64;

    private final ReadyConfig config;
    private final Place place;
    private final LongSupplier nanos;

    Readiness(ReadyConfig config, Place place, LongSupplier nanos) {
        this.config = config;
        this.place = place;
        this.nanos = nanos;
    }

    /** What is waited for, for people. */
    String awaited() {
        String what = switch (config.by()) {
            case CONNECT -> place + " to accept connections";
            case HTTP -> "GET " + config.path() + " at " + place + " to be answered with a status below 400";
            case FILE -> config.file() + " to be written";
        };
        return what + " (exec.ready.by = " + config.by().name().toLowerCase(Locale.ROOT) + ")";
    }

    /** What the file was before the application was started; it is to be another one then. */
    @Nullable
    FileTime before() {
        return config.by() == ReadyConfig.By.FILE ? modified(config.file()) : null;
    }

    /** What may be the reason of that {@code trouble}, as the end of a sentence. */
    String hint(String trouble) {
        boolean refused = config.by() != ReadyConfig.By.FILE && trouble.contains("refused");
        return refused && place.isPort() ? " (does it listen on PORT?)" : "";
    }

    /** Null if it is ready, else why not. */
    @Nullable
    String trouble(@Nullable FileTime before) {
        try {
            return switch (config.by()) {
                case CONNECT -> connects();
                case HTTP -> answers();
                case FILE -> written(before);
            };
        } catch (IOException | IllegalArgumentException failed) {
            return failed.getMessage() == null ? failed.toString() : failed.getMessage();
        }
    }

    private @Nullable String written(@Nullable FileTime before) {
        FileTime now = modified(config.file());
        return now == null ? "it is not there" : now.equals(before) ? "it is as old as before the start" : null;
    }

    private static @Nullable FileTime modified(@Nullable Path file) {
        try {
            return file == null ? null : Files.getLastModifiedTime(file);
        } catch (IOException absent) {
            return null;
        }
    }

    private @Nullable String connects() throws IOException {
        try (SocketChannel channel = place.open();
                Selector selector = Selector.open()) {
            return connected(channel, selector, nanos.getAsLong() + LIMIT_NANOS) ? null : "not connected in a second";
        }
    }

    private @Nullable String answers() throws IOException {
        long deadline = nanos.getAsLong() + LIMIT_NANOS;
        try (SocketChannel channel = place.open();
                Selector selector = Selector.open()) {
            if (!connected(channel, selector, deadline)) {
                return "not connected in a second";
            }
            // It fits into the buffer of a fresh connection.
            channel.write(
                    StandardCharsets.US_ASCII.encode(
                            "GET " + config.path()
                                    + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: esper-gateway\r\nAccept: */*\r\nConnection: close\r\n\r\n"));
            ByteBuffer line = ByteBuffer.allocate(STATUS_LINE);
            channel.register(selector, SelectionKey.OP_READ);
            while (line.hasRemaining() && channel.read(line) >= 0) {
                if (line.position() >= "HTTP/1.1 200".length()) {
                    return status(new String(line.array(), 0, line.position(), StandardCharsets.ISO_8859_1));
                }
                if (!selected(selector, deadline)) {
                    return "not answered in a second";
                }
            }
            return "connection closed";
        }
    }

    private static @Nullable String status(String answer) {
        if (!answer.matches("(?s)HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
            return "answered something that is not HTTP";
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        return status < 400 ? null : "answered " + status;
    }

    private boolean connected(SocketChannel channel, Selector selector, long deadline) throws IOException {
        SocketAddress address = place.address();
        channel.configureBlocking(false);
        if (channel.connect(address)) {
            return true;
        }
        channel.register(selector, SelectionKey.OP_CONNECT);
        while (selected(selector, deadline)) {
            if (channel.finishConnect()) {
                return true;
            }
        }
        return false;
    }

    private boolean selected(Selector selector, long deadline) throws IOException {
        long left = (deadline - nanos.getAsLong()) / 1_000_000;
        selector.selectedKeys().clear();
        return left > 0 && selector.select(left) > 0;
    }
}
