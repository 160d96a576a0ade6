package com.esperr.gateway.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes the SDK's spans of what was noted, under the names that were given to them while the request went on. Confined to one thread. */
final class SpanMaker implements IdGenerator, SpanProcessor {
    private final Tracer tracer;
    private final List<SpanData> made = new ArrayList<>();
    private String traceId = "";
    private @Nullable String spanId;

    SpanMaker(String serviceName) {
        Resource service = Resource.getDefault()
                .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), serviceName)));
        this.tracer = SdkTracerProvider.builder()
                .setResource(service)
                .setSampler(Sampler.alwaysOn())
                .setIdGenerator(this)
                .addSpanProcessor(this)
                .build()
                .get("com.esperr.gateway");
    }

    /** Makes those of one request. */
    void add(RequestSpans.Parts request) {
        long start = TimeUnit.MILLISECONDS.toNanos(request.startMillis());
        for (RequestSpans.Part part : request.parts()) {
            traceId = request.trace().traceId();
            spanId = part.id();
            SpanBuilder builder = tracer.spanBuilder(part.name())
                    .setSpanKind(part.kind())
                    .setStartTimestamp(start + part.begin(), TimeUnit.NANOSECONDS)
                    .setAllAttributes(part.attributes());
            String parent = part.parent();
            if (parent == null) {
                builder.setNoParent();
            } else {
                builder.setParent(Context.root().with(Span.wrap(context(parent, part.foreign()))));
            }
            Span span = builder.startSpan();
            if (part.failed()) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end(start + Math.max(part.begin(), part.end()), TimeUnit.NANOSECONDS);
        }
    }

    /** What was made since this was asked last. */
    List<SpanData> take() {
        List<SpanData> all = List.copyOf(made);
        made.clear();
        return all;
    }

    int size() {
        return made.size();
    }

    private SpanContext context(String parent, boolean foreign) {
        return foreign
                ? SpanContext.createFromRemoteParent(traceId, parent, TraceFlags.getSampled(), TraceState.getDefault())
                : SpanContext.create(traceId, parent, TraceFlags.getSampled(), TraceState.getDefault());
    }

    @Override
    public String generateSpanId() {
        String given = spanId;
        return given == null ? IdGenerator.random().generateSpanId() : given;
    }

    @Override
    public String generateTraceId() {
        return traceId;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // Everything is known when it ends.
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        made.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}
