package com.esperr.client;

import org.jspecify.annotations.Nullable;

/** Esper did not answer, or not completely, within the option {@code timeout} or what was left of the option {@code deadline}. */
public final class EsperTimeoutException extends EsperException {
    private static final long serialVersionUID = 1L;

    EsperTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public ErrorGroup group() {
        return ErrorGroup.TIMEOUT;
    }
}
