package com.esperr.gateway.admin;

import java.nio.charset.StandardCharsets;

/** What an {@link Endpoint} answers. Immutable by agreement: the body is not changed after it was handed over. */
public final class AdminReply {
    private final int status;
    private final String contentType;
    private final byte[] body;

    /** A reply of any kind; {@code contentType} has its parameters. */
    public AdminReply(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
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

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
