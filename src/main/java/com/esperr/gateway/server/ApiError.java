package com.esperr.gateway.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, for programs and for people. Immutable.
 *
 * @param status the status of the answer
 * @param code a word that does not change
 * @param message a sentence that may
 * @param field the member of the body that is wrong, such as {@code request.path}, or null
 * @param headers of the answer
 */
record ApiError(
        int status, String code, String message, @Nullable String field, Map<String, String> headers) {
    ApiError(int status, String code, String message) {
        this(status, code, message, null, Map.of());
    }

    ApiError(int status, String code, String message, @Nullable String field) {
        this(status, code, message, field, Map.of());
    }

    /** The body of the answer. */
    byte[] json() {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeFieldName("error");
            Json.error(out, this);
            out.writeEndObject();
        });
    }
}
