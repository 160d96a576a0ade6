package com.esperr.gateway.beacon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The events that Esper refused, one line of JSON each with the reason, for people to read. Two files at most, so the oldest
 * go in the end. Confined to one thread, which blocks.
 */
final class DeadLetters {
    private static final String FILE = "dead-letters.jsonl";
    private static final String OLD_FILE = "dead-letters.old.jsonl";

    private final JsonFactory json = new JsonFactory();
    private final Path file;
    private final Path oldFile;
    private final long fullBytes;

    DeadLetters(Path directory, long fullBytes) {
        this.file = directory.resolve(FILE);
        this.oldFile = directory.resolve(OLD_FILE);
        this.fullBytes = fullBytes;
    }

    /** Puts one event aside. */
    void add(Spooled spooled, Settlement.Refusal refusal, long nowMillis) throws IOException {
        byte[] line = line(spooled, refusal, nowMillis);
        PrivateFiles.file(file);
        if (Files.size(file) + line.length > fullBytes) {
            Files.move(file, oldFile, StandardCopyOption.REPLACE_EXISTING);
            PrivateFiles.file(file);
        }
        Files.write(file, line, StandardOpenOption.APPEND);
    }

    private byte[] line(Spooled spooled, Settlement.Refusal refusal, long nowMillis) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("at", Instant.ofEpochMilli(nowMillis).toString());
            out.writeNumberField("status", refusal.status());
            out.writeStringField("answer", refusal.excerpt());
            out.writeFieldName("event");
            out.writeRawValue(new String(spooled.event(), StandardCharsets.UTF_8));
            out.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }
}
