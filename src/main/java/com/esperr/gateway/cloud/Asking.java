package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import org.jspecify.annotations.Nullable;

/** Asks the service one question, on terms of {@link DecisionSource#decide}. */
@FunctionalInterface
interface Asking {
    /** Asks; null if the sink has been told already. */
    DecisionSource.@Nullable Cancellation ask(RequestContext request, Deadline deadline, DecisionSink sink);
}
