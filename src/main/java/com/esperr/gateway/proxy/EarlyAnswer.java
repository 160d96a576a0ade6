package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Answers requests that are neither decided on nor forwarded. Thread-safe; asked on event loops, and never blocks. */
@FunctionalInterface
public interface EarlyAnswer {
    /** Leaves every request to the usual way. */
    EarlyAnswer NONE = (head, request) -> null;

    /**
     * The answer, or null if the request goes the usual way.
     *
     * @param head as it was received, proofs and passes included
     * @throws com.esperr.gateway.failure.FailureException if it can go no way
     */
    @Nullable
    LocalReply answer(RequestHead head, RequestContext request);

    /** What this answers, and of the rest what {@code next} does. */
    default EarlyAnswer or(EarlyAnswer next) {
        return (head, request) -> {
            LocalReply reply = answer(head, request);
            return reply == null ? next.answer(head, request) : reply;
        };
    }
}
