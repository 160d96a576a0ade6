package com.esperr.gateway.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer. Immutable; the body belongs to it.
 */
final class ApiReply {
    private final int status;
    private final String contentType;
    private final Map<String, String> headers;
    private final byte[] body;

    ApiReply(int status, String contentType, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    static final String JSON = "application/json";
    private static final String PROBLEM_PAGE = "text/plain; charset=utf-8";

    /** JSON that stands in {@code body} already. */
    static ApiReply json(int status, byte[] body) {
        return new ApiReply(status, JSON, Map.of(), body);
    }

    /** A sentence for people. */
    static ApiReply text(int status, String text) {
        return new ApiReply(status, PROBLEM_PAGE, Map.of(), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A refusal in the form of the contract. */
    static ApiReply error(ApiError error) {
        return new ApiReply(error.status(), JSON, error.headers(), error.json());
    }

    /** The same with one more header. */
    ApiReply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiReply(status, contentType, more, body);
    }
}
