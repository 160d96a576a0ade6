package com.esperr.client;

import java.net.http.HttpHeaders;

/** Reads the answers of one call. Thread-safe. */
@FunctionalInterface
interface AnswerReader<T> {
    /** Whether a status is an answer and not a failure. */
    default boolean answers(int status) {
        return status >= 200 && status <= 299;
    }

    /** The value of an answer with such a status. */
    T read(int status, HttpHeaders headers, byte[] body) throws MalformedAnswerException;
}
