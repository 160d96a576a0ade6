package com.esperr.client;

/** The four ways in which a call fails; each is an exception of its own. */
public enum ErrorGroup {
    /** Esper answered, but not with what was asked for: {@link EsperApiException}. */
    API,
    /** Esper could not be reached, or the connection broke: {@link EsperConnectionException}. */
    CONNECTION,
    /** No complete answer in time: {@link EsperTimeoutException}. */
    TIMEOUT,
    /** What the application handed in cannot be sent: {@link EsperValidationException}. */
    VALIDATION
}
