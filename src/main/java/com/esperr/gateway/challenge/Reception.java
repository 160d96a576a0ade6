package com.esperr.gateway.challenge;

import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.request.RequestContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of the paths that are ours and that the origin never sees. Thread-safe; never blocks. */
public interface Reception {
    /** Whether {@code request} asks for such a path. */
    boolean takes(RequestContext request);

    /**
     * Answers {@code request}.
     *
     * @param sink told exactly once unless the question is withdrawn, on the calling event loop, mostly before this returns
     * @return how to withdraw it, or null if it has been answered already
     */
    DecisionSource.@Nullable Cancellation answer(RequestContext request, Consumer<Decision> sink);
}
