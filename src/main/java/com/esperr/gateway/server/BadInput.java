package com.esperr.gateway.server;

import com.esperr.gateway.request.DescriptionException;
import org.jspecify.annotations.Nullable;

/** Input that is not what the contract asks for; carries the refusal out of nested reading. Immutable and without a stack. */
final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    BadInput(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** The member {@code field} is wrong. */
    static BadInput field(@Nullable String field, String message) {
        return new BadInput(new ApiError(400, "invalid_request", message, field));
    }

    /** The description of the request is none. */
    static BadInput of(DescriptionException wrong) {
        return field(wrong.field(), wrong.getMessage() == null ? "not accepted" : wrong.getMessage());
    }

    ApiError error() {
        return error;
    }
}
