package com.esperr.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Esper answered, but not with what was asked for. */
public final class EsperApiException extends EsperException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the answer. */
    public enum Problem {
        /** The status says that there is no answer: 401 for the API key, 429 for the rate, 5xx for Esper itself, and so on. */
        STATUS,
        /** The status is good, but the answer cannot be understood. */
        MALFORMED_ANSWER,
        /** A challenge whose URL is missing, or leads to a host that is not allowed. */
        UNUSABLE_CHALLENGE
    }

    private final Problem problem;
    private final int status;
    private final String body;
    private final @Nullable Duration retryAfter;

    EsperApiException(Problem problem, String detail, int status, String body, @Nullable Duration retryAfter) {
        super(detail, null);
        this.problem = problem;
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    /** What is wrong with the answer. */
    public Problem problem() {
        return problem;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The start of the body, at most 256 bytes in UTF-8, with the API key masked. Its form is not documented: only for people. */
    public String body() {
        return body;
    }

    /** How long Esper asked to be left alone, or null if it did not say. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public ErrorGroup group() {
        return ErrorGroup.API;
    }
}
