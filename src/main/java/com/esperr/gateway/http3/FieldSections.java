package com.esperr.gateway.http3;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;

/** Heads and trailers of responses as HTTP/3 sends them; they say the same as in HTTP/2 (RFC 9114 section 4.3.2). Stateless. */
public final class FieldSections {
    private FieldSections() {}

    /** What {@code head} says. */
    public static Http3Headers of(Http2Headers head) {
        // Not checked again: what makes the lines has proved them.
        Http3Headers section = new DefaultHttp3Headers(false, Math.max(8, head.size()));
        head.forEach(field -> section.add(field.getKey(), field.getValue()));
        return section;
    }
}
