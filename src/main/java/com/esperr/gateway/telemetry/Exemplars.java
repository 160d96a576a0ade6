package com.esperr.gateway.telemetry;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Trace;
import com.esperr.gateway.request.TraceParent;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Which trace a request belongs to while it is counted, so that a histogram can name one of those that are in a bucket: our own part
 * of it, or, where we take part in none, what the visitor's request says. Only traces that somebody records are named. Thread-safe.
 */
final class Exemplars implements SpanContext {
    private static final ThreadLocal<@Nullable TraceParent> COUNTED = new ThreadLocal<>();

    /** From now on this thread counts {@code request}; whether it belongs to a trace that is recorded, and {@link #end} has to follow. */
    boolean begin(@Nullable RequestContext request) {
        if (request == null) {
            return false;
        }
        Trace ours = request.trace();
        TraceParent named = ours == null
                ? TraceParent.of(request.fields())
                : new TraceParent(ours.traceId(), ours.serverId(), ours.sampled());
        if (named == null || !named.sampled()) {
            return false;
        }
        COUNTED.set(named);
        return true;
    }

    /** What was counted is COUNTED. */
    void end() {
        COUNTED.remove();
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        TraceParent now = COUNTED.get();
        return now == null ? null : now.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        TraceParent now = COUNTED.get();
        return now == null ? null : now.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return COUNTED.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // The trace is recorded in any case.
    }
}
