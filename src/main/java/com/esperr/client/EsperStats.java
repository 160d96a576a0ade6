package com.esperr.client;

/**
 * What a client has done since it was built. Immutable; a snapshot, taken while calls may be under way.
 *
 * @param calls calls begun
 * @param inFlight calls under way
 * @param succeeded calls with an answer, whatever it was
 * @param retries tries beyond the first of each call
 * @param apiErrors calls that ended in {@link EsperApiException}
 * @param connectionErrors calls that ended in {@link EsperConnectionException}
 * @param timeoutErrors calls that ended in {@link EsperTimeoutException}
 * @param validationErrors calls that ended in {@link EsperValidationException}
 * @param cancelled calls that were cancelled
 * @param latency how long they took
 */
public record EsperStats(
        long calls,
        long inFlight,
        long succeeded,
        long retries,
        long apiErrors,
        long connectionErrors,
        long timeoutErrors,
        long validationErrors,
        long cancelled,
        LatencyPercentiles latency) {

    /** Calls that ended in an error of that group. */
    public long errors(ErrorGroup group) {
        return switch (group) {
            case API -> apiErrors;
            case CONNECTION -> connectionErrors;
            case TIMEOUT -> timeoutErrors;
            case VALIDATION -> validationErrors;
        };
    }

    /** Calls that ended in an error of any group. */
    public long errors() {
        return apiErrors + connectionErrors + timeoutErrors + validationErrors;
    }
}
