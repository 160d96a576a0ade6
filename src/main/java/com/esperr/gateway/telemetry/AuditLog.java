package com.esperr.gateway.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The record of what people changed while the gateway ran: a line of JSON each, appended and on disk before the change is
 * made, in a file that only its owner can read. Thread-safe; blocks on the disk and is not for event loops.
 */
public final class AuditLog implements Audit, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final @Nullable FileChannel file;
    private final LongSupplier millis;
    private @Nullable AuditLog next;

    private AuditLog(@Nullable FileChannel file, LongSupplier millis) {
        this.file = file;
        this.millis = millis;
    }

    /**
     * Opens the record.
     *
     * @param path where, or null for none
     * @param millis the clock, epoch milliseconds
     */
    public static AuditLog open(@Nullable Path path, LongSupplier millis) throws IOException {
        if (path == null) {
            return new AuditLog(null, millis);
        }
        try {
            return new AuditLog(
                    FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), owner()),
                    millis);
        } catch (IOException refused) {
            throw new IOException(
                    "log.audit: " + refused.getMessage() + " (expected: a file that can be written)", refused);
        }
    }

    @Override
    public synchronized void record(String event, String by, Map<String, String> about) throws IOException {
        if (next != null) {
            next.record(event, by, about);
            return;
        }
        if (file == null) {
            return;
        }
        ByteBuffer line = ByteBuffer.wrap(line(event, by, about).getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        } catch (IOException unwritten) {
            String why = unwritten.getMessage();
            throw new IOException(
                    "log.audit: " + (why == null ? "closed" : why) + " (expected: a file that can be written)",
                    unwritten);
        }
    }

    /** Ends; {@code other} records what somebody still brings who has found this one. */
    public synchronized void leaveTo(@Nullable AuditLog other) {
        next = other;
        try {
            close();
        } catch (IOException unfinished) {
            throw new UncheckedIOException(unfinished);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private String line(String event, String by, Map<String, String> about) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", Instant.ofEpochMilli(millis.getAsLong()).toString());
            json.writeStringField("event", event);
            json.writeStringField("by", by);
            for (Map.Entry<String, String> member : about.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static FileAttribute<?>[] owner() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
