package com.esperr.client;

import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Turns what went wrong with one try into an exception of the four groups. Immutable. */
final class Failures {
    private static final int LONGEST_BODY = 256;
    private static final int LONGEST_DETAIL = 256;

    private final String call;
    private final ApiKey key;
    private final Timing timing;

    /** For a call of this path. */
    Failures(String path, ApiKey key, Timing timing) {
        this.call = "POST " + path;
        this.key = key;
        this.timing = timing;
    }

    /** A status that is no answer. */
    EsperException status(HttpResponse<BoundedBody.Received> answer) {
        String body = body(answer);
        return new EsperApiException(
                EsperApiException.Problem.STATUS,
                call + ": status " + answer.statusCode() + (body.isEmpty() ? "" : ": " + body),
                answer.statusCode(),
                body,
                RetryAfter.of(answer.headers(), timing.now()));
    }

    /** An answer that cannot be used. */
    EsperException malformed(HttpResponse<BoundedBody.Received> answer, MalformedAnswerException reason) {
        return new EsperApiException(
                reason.problem(), call + ": " + reason.getMessage(), answer.statusCode(), body(answer), null);
    }

    /** No complete answer within {@code limit}. */
    EsperException late(Duration limit) {
        return new EsperTimeoutException(call + ": no complete answer within " + limit.toMillis() + " ms", null);
    }

    /** What the HTTP client says. */
    EsperException broken(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof EsperException known) {
            return known;
        }
        String detail = call + ": " + key.start(cause.toString(), LONGEST_DETAIL);
        Throwable shown = key.isShownBy(cause) ? null : cause;
        return cause instanceof HttpTimeoutException
                ? new EsperTimeoutException(detail, shown)
                : new EsperConnectionException(detail, shown);
    }

    private String body(HttpResponse<BoundedBody.Received> answer) {
        return key.start(answer.body().text(), LONGEST_BODY);
    }
}
