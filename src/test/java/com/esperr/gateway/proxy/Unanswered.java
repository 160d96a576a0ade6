package com.esperr.gateway.proxy;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Counts questions and answers none; not thread-safe. */
final class Unanswered implements DecisionSource {
    int count;

    @Override
    public String name() {
        return "unanswered";
    }

    @Override
    public Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
        count++;
        return () -> {};
    }

    @Override
    public @Nullable String trouble() {
        return null;
    }
}
