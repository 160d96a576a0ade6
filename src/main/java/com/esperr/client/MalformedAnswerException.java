package com.esperr.client;

import org.jspecify.annotations.Nullable;

/** An answer that cannot be used, on its way to whoever knows the rest of it. Without a stack: it is no surprise. */
final class MalformedAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final EsperApiException.Problem problem;

    MalformedAnswerException(EsperApiException.Problem problem, String detail) {
        super(
                detail,
                /* cause= */ (@Nullable Throwable) null,
                /* enableSuppression= */ false,
                /* writableStackTrace= */ false);
        this.problem = problem;
    }

    MalformedAnswerException(String detail) {
        this(EsperApiException.Problem.MALFORMED_ANSWER, detail);
    }

    EsperApiException.Problem problem() {
        return problem;
    }
}
