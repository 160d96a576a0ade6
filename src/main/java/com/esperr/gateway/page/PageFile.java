package com.esperr.gateway.page;

import com.esperr.gateway.http.Escapes;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A page of the operator's own, read once; where it says {@code {reference}} stands the reference of the request. What it may load
 * and run is its own affair. Immutable.
 */
public final class PageFile {
    /** What a key that names one expects. */
    public static final String EXPECTED =
            "a file of at most 256 KiB, in UTF-8, whose name ends in .html, .htm, .xhtml or .txt";

    private static final int LARGEST = 256 * 1024;
    private static final String PLACE = "{reference}";
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "htm", "text/html", "xhtml", "application/xhtml+xml", "txt", "text/plain");

    private final String type;
    private final String text;

    private PageFile(String type, String text) {
        this.type = type;
        this.text = text;
    }

    /**
     * Reads the file of that name; blocks.
     *
     * @throws IllegalArgumentException if it cannot be a page; the message says why
     */
    public static PageFile read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new IllegalArgumentException("no such type");
        }
        try {
            Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("not there");
            }
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException("too large");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return new PageFile(
                    type, StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException wrong) {
            throw new IllegalArgumentException("not in UTF-8", wrong);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("not readable", unreadable);
        }
    }

    /** The page as an answer with further header lines. */
    public LocalReply reply(int status, String reference, Fields extra) {
        String filled = text.replace(PLACE, type.equals("text/plain") ? reference : Escapes.html(reference));
        byte[] body = filled.getBytes(StandardCharsets.UTF_8);
        Fields.Builder fields = Fields.builder(16)
                .add("Content-Type", type + "; charset=utf-8")
                .add("Content-Length", Integer.toString(body.length))
                .add("Cache-Control", "no-store")
                .add("Vary", PageReplies.VARY)
                .add("Referrer-Policy", "same-origin")
                .add("X-Frame-Options", "DENY")
                .add("X-Content-Type-Options", "nosniff")
                .add("Esper-Reference", Escapes.url(reference));
        for (int i = 0; i < extra.size(); i++) {
            fields.add(extra.name(i), extra.value(i));
        }
        return new LocalReply(status, fields.build(), body);
    }
}
