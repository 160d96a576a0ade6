package com.esperr.gateway.server;

import com.esperr.gateway.telemetry.ServiceMetrics;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts every answer and writes its line of the access log; neither holds anything of what was asked. Thread-safe. */
final class AccessLines implements PendingReply.Log {
    private final ServiceMetrics metrics;
    private final LongSupplier millis;
    private final ApiServer.@Nullable LineSink sink;

    AccessLines(ServiceMetrics metrics, LongSupplier millis, ApiServer.@Nullable LineSink sink) {
        this.metrics = metrics;
        this.millis = millis;
        this.sink = sink;
    }

    @Override
    public void answered(
            String method,
            String operation,
            @Nullable Caller caller,
            int status,
            int bytesIn,
            int bytesOut,
            long nanos) {
        metrics.answered(operation, status, nanos);
        if (sink == null) {
            return;
        }
        sink.line(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField(
                    "time", Instant.ofEpochMilli(millis.getAsLong()).toString());
            out.writeStringField("method", method);
            out.writeStringField("operation", operation);
            if (caller != null) {
                out.writeStringField("tenant", caller.tenant().id());
                out.writeStringField("key", caller.key().id());
            }
            out.writeNumberField("status", status);
            out.writeNumberField("bytes_in", bytesIn);
            out.writeNumberField("bytes_out", bytesOut);
            out.writeNumberField("micros", TimeUnit.NANOSECONDS.toMicros(nanos));
            out.writeEndObject();
            out.writeRaw('\n');
        }));
    }
}
