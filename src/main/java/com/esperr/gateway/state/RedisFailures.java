package com.esperr.gateway.state;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What went wrong with Redis, in words. Stateless. */
final class RedisFailures {
    private static final int LONGEST = 200;

    private RedisFailures() {}

    /** What happened, without the wrapping of those who waited for it. */
    static Throwable cause(Throwable failure) {
        Throwable inner = failure.getCause();
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && inner != null ? cause(inner) : failure;
    }

    /** One sentence for the log; Redis's own words where there are any. */
    static String sentence(@Nullable Throwable failure) {
        if (failure == null) {
            return "no connection";
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof TimeoutException) {
            return "not answered in time";
        }
        String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
