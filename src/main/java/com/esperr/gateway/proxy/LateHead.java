package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.HeaderList;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request of HTTP/3 until it is known whether anything follows: QUIC tells the end of a stream apart from the frames
 * before it, and often later. Confined to the event loop of its connection.
 */
final class LateHead {
    /** Methods of requests that usually have no body, of which the end tells so. */
    private static final Set<String> BODYLESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "TRACE");

    private @Nullable HeaderList list;

    /** Holds {@code fields}; whether it is worth waiting for the end. */
    boolean waits(Http3Headers fields) {
        list = HeaderList.of(fields, fields.size());
        return BODYLESS.contains(String.valueOf(fields.method())) && !fields.contains("content-length");
    }

    /** What is held, once, or null. */
    @Nullable
    HeaderList take() {
        HeaderList held = list;
        list = null;
        return held;
    }
}
