package com.esperr.gateway.admin;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an {@link Endpoint} answers. Immutable by agreement: the body is not changed after it was handed over. */
public final class AdminReply {
    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;
    private final @Nullable Viewers viewers;

    /** A reply of any kind; {@code contentType} has its parameters. */
    public AdminReply(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of(), null);
    }

    private AdminReply(
            int status, String contentType, byte[] body, Map<String, String> headers, @Nullable Viewers viewers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
        this.viewers = viewers;
    }

    /** The same with one more header, in place of what every answer says there. */
    AdminReply with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new AdminReply(status, contentType, body, Map.copyOf(more), viewers);
    }

    /** A reply that goes on: whoever gets it is one of {@code viewers} from then on. */
    static AdminReply stream(byte[] beginning, Viewers viewers) {
        return new AdminReply(200, "text/event-stream; charset=utf-8", beginning, Map.of(), viewers);
    }

    /** A reply in plain text; a line feed is added. */
    public static AdminReply text(int status, String line) {
        return new AdminReply(status, "text/plain; charset=utf-8", utf8(line + '\n'));
    }

    /** A reply of any kind of text. */
    public static AdminReply of(int status, String contentType, String text) {
        return new AdminReply(status, contentType, utf8(text));
    }

    /** A reply in JSON. */
    public static AdminReply json(int status, String json) {
        return new AdminReply(status, "application/json", utf8(json));
    }

    /** A reply in HTML. */
    public static AdminReply html(int status, String html) {
        return new AdminReply(status, "text/html; charset=utf-8", utf8(html));
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }

    /** Headers besides those of every answer. */
    Map<String, String> headers() {
        return headers;
    }

    /** Who is told more behind the body, or null if nobody. */
    @Nullable
    Viewers viewers() {
        return viewers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
