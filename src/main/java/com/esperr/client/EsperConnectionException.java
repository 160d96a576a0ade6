package com.esperr.client;

import org.jspecify.annotations.Nullable;

/** Esper could not be reached, the connection broke before the answer was complete, or the other side does not speak HTTP. */
public final class EsperConnectionException extends EsperException {
    private static final long serialVersionUID = 1L;

    EsperConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public ErrorGroup group() {
        return ErrorGroup.CONNECTION;
    }
}
