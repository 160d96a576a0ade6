package com.esperr.client;

import java.security.cert.CertificateException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a call is tried again, and after how long: the pause doubles each time, half of it is random, and it is never shorter than
 * {@code Retry-After} asks. Immutable.
 *
 * @param maxRetries how often besides the first time
 * @param retryDelay the first pause
 * @param maxRetryDelay the longest pause; a service that wants a longer one gets no retry
 */
record RetryRules(int maxRetries, Duration retryDelay, Duration maxRetryDelay) {
    private static final int MOST_DOUBLINGS = 30;

    /** The pause before the next try, or null if there is none. {@code random} is from 0 to below 1. */
    @Nullable
    Duration pause(EsperException failure, int retriesDone, double random) {
        if (retriesDone >= maxRetries || !mayPass(failure)) {
            return null;
        }
        Duration doubled = min(retryDelay.multipliedBy(1L << Math.min(retriesDone, MOST_DOUBLINGS)), maxRetryDelay);
        long half = doubled.toNanos() / 2;
        Duration backOff = Duration.ofNanos(doubled.toNanos() - half + (long) (half * random));
        Duration asked = failure instanceof EsperApiException api ? api.retryAfter() : null;
        if (asked == null || asked.compareTo(backOff) <= 0) {
            return backOff;
        }
        // Everybody was told the same moment, so nobody should come at exactly that one.
        return asked.compareTo(maxRetryDelay) > 0 ? null : asked.plusNanos((long) (retryDelay.toNanos() * random / 2));
    }

    /** Whether the same call may go well later. It carries an idempotency key, so that it may have been done already. */
    private static boolean mayPass(EsperException failure) {
        if (failure instanceof EsperApiException api) {
            return switch (api.status()) {
                case 429, 502, 503, 504 -> true;
                default -> false;
            };
        }
        return !(failure instanceof EsperValidationException) && !isCertificateRefused(failure);
    }

    private static boolean isCertificateRefused(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
