package com.esperr.gateway.beacon;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.BodyWriter;
import com.esperr.gateway.transport.CallFailure;
import com.esperr.gateway.transport.HttpCallback;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.PreparedCall;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Events over HTTP: one by itself as it is, several as one object. Confined to the publisher's event loop. */
final class HttpWire implements Wire {
    private static final byte[] BATCH_START = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BATCH_END = "]}".getBytes(StandardCharsets.US_ASCII);

    private final HttpClient client;
    private final PreparedCall single;
    private final PreparedCall batch;
    private final boolean batched;
    private final long timeoutNanos;
    private final LongSupplier nanos;

    /** Calls through {@code client} with the header lines {@code fields}, which hold the key. */
    HttpWire(HttpClient client, BeaconConfig config, Fields fields, LongSupplier nanos) {
        String batchPath = config.batchPath();
        this.client = client;
        this.batched = batchPath != null;
        this.single = client.prepare("POST", config.eventPath(), fields);
        this.batch = batchPath == null ? single : client.prepare("POST", batchPath, fields);
        this.timeoutNanos = config.timeout().toNanos();
        this.nanos = nanos;
    }

    @Override
    public void send(List<Spooled> events, Reply reply) {
        boolean alone = !batched || events.size() == 1;
        BodyWriter body = alone ? out -> out.write(events.get(0).event()) : out -> writeAll(events, out);
        client.call(alone ? single : batch, body, nanos.getAsLong() + timeoutNanos, new HttpCallback() {
            @Override
            public void answered(int status, Fields fields, byte[] answer) {
                reply.answered(status, retryAfter(fields), answer);
            }

            @Override
            public void failed(CallFailure failure) {
                reply.failed(silence(failure), failure.kind() + ": " + failure.detail());
            }
        });
    }

    private static Silence silence(CallFailure failure) {
        return switch (failure.kind()) {
            case CONNECT, OVERLOAD -> Silence.UNSENT;
            case TIMEOUT, CLOSED, TRUNCATED, MALFORMED, TOO_LARGE, DEFECT ->
                failure.stale() ? Silence.STALE : Silence.UNANSWERED;
        };
    }

    private static @Nullable String retryAfter(Fields fields) {
        return fields.get("retry-after");
    }

    private static void writeAll(List<Spooled> events, OutputStream out) throws IOException {
        out.write(BATCH_START);
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(events.get(i).event());
        }
        out.write(BATCH_END);
    }
}
