package com.esperr.gateway.request;

import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, and our part of it: a span for the request, and one for what the origin is asked, whose name
 * the origin is told. Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId the span of whoever sent the request, or null
 * @param serverId our span of the request
 * @param originId our span of the question to the origin
 * @param sampled whether it is recorded
 * @param state what the field {@code tracestate} said, or null
 */
public record Trace(
        String traceId,
        @Nullable String parentId,
        String serverId,
        String originId,
        boolean sampled,
        @Nullable String state) {
    /** The field beside {@code traceparent}, in lower case. */
    public static final String STATE_FIELD = "tracestate";

    /** What the origin is told. */
    public String forOrigin() {
        return "00-" + traceId + '-' + originId + (sampled ? "-01" : "-00");
    }
}
