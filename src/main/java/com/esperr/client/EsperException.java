package com.esperr.client;

import org.jspecify.annotations.Nullable;

/**
 * A call that has no answer. A failed question is not an allow: what happens to the request is the application's choice, to be made
 * where this is caught. No message holds the API key.
 */
public abstract sealed class EsperException extends RuntimeException
        permits EsperApiException, EsperConnectionException, EsperTimeoutException, EsperValidationException {
    private static final long serialVersionUID = 1L;

    EsperException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Which of the four groups this is. */
    public abstract ErrorGroup group();
}
