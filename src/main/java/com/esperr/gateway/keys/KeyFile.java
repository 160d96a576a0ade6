package com.esperr.gateway.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file of API keys: one JSON object a line, with the hash of the key and never the key. Confined to the thread that
 * reads or writes, which blocks.
 */
public final class KeyFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final long LONGEST = 64L << 20;

    private final Path file;

    /** The file at {@code file}, which need not be there before a key is added. */
    public KeyFile(Path file) {
        this.file = file;
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * All entries, revoked ones too.
     *
     * @throws IOException if it cannot be read, or a line is not an entry; the message names the line
     */
    public List<KeyEntry> read() throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("no such file (expected: one that \"keys create\" wrote)");
        }
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + ": larger than " + LONGEST + " bytes (expected: a file of keys)");
        }
        List<KeyEntry> entries = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!isEntry(line)) {
                continue;
            }
            KeyEntry entry = entry(line, number);
            if (!ids.add(entry.id())) {
                throw new IOException(file + ":" + number + ": id " + entry.id() + " (expected: an id of its own)");
            }
            entries.add(entry);
        }
        return List.copyOf(entries);
    }

    /** Adds an entry; the file is made for its owner only. */
    public void add(KeyEntry entry) throws IOException {
        PrivateFile.append(file, line(entry));
    }

    /** Notes that the key called {@code id} is none any more since {@code moment}; answers whether it was one. */
    public boolean revoke(String id, String moment) throws IOException {
        boolean found = false;
        StringBuilder text = new StringBuilder();
        read();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            KeyEntry entry = isEntry(line) ? entry(line, number) : null;
            if (entry != null && entry.id().equals(id) && entry.revoked() == null) {
                found = true;
                text.append(line(entry.revokedAt(moment)));
            } else {
                // What people wrote around the entry stays as they wrote it.
                text.append(line).append('\n');
            }
        }
        if (found) {
            PrivateFile.replace(file, text.toString());
        }
        return found;
    }

    private static boolean isEntry(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    private KeyEntry entry(String line, int number) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Not the message of the parser, which may quote the line.
            throw new IOException(file + ":" + number + ": not JSON (expected: one object a line)", e);
        }
        String id = node.path("id").asText("");
        String tenant = node.path("tenant_id").asText("");
        String hash = node.path("sha256").asText("");
        if (!ID.matcher(id).matches()
                || tenant.isEmpty()
                || !SHA256.matcher(hash).matches()) {
            throw new IOException(
                    file + ":" + number
                            + ": not an entry (expected: id, tenant_id and sha256, as \"esper-gateway keys create\" writes them)");
        }
        return new KeyEntry(
                id, tenant, hash, node.path("created").asText(""), text(node, "note"), text(node, "revoked"));
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.path(name).asText() : null;
    }

    private static String line(KeyEntry entry) throws IOException {
        ObjectNode node = JSON.createObjectNode()
                .put("id", entry.id())
                .put("tenant_id", entry.tenantId())
                .put("sha256", entry.sha256())
                .put("created", entry.created());
        if (entry.note() != null) {
            node.put("note", entry.note());
        }
        if (entry.revoked() != null) {
            node.put("revoked", entry.revoked());
        }
        return JSON.writeValueAsString(node) + "\n";
    }
}
