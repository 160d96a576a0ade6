package com.esperr.gateway.hybrid;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.StreamClient;
import com.esperr.gateway.transport.StreamReceiver;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The feed over HTTP: one GET whose answer does not end. Immutable. */
final class HttpFeedWire implements FeedWire {
    private final StreamClient client;
    private final String path;
    private final Fields fields;

    /** Asks at {@code path} with the header lines {@code fields}, which hold the key. */
    HttpFeedWire(StreamClient client, String path, Fields fields) {
        this.client = client;
        this.path = path;
        this.fields = fields;
    }

    @Override
    public CallHandle open(@Nullable String cursor, StreamReceiver receiver) {
        String target = cursor == null ? path : path + "?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        return client.open(target, fields, receiver);
    }
}
