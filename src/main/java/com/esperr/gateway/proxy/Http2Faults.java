package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/** What the faults that Netty finds count as. Stateless. */
final class Http2Faults {
    private Http2Faults() {}

    /** What a fault that ends the connection is too much of, or null if it is only wrong. */
    static @Nullable Flood flood(Http2Exception fault) {
        if (fault.error() == Http2Error.ENHANCE_YOUR_CALM) {
            // The decoder has one reason to say so: small pieces of one header block.
            return Flood.CONTINUATION;
        }
        boolean list = String.valueOf(fault.getMessage()).startsWith("Header size exceeded");
        return list ? Flood.HEADER_LIST : null;
    }

    /** What a fault that ends one stream counts as. */
    static Flood of(Http2Exception.StreamException fault) {
        if (fault instanceof Http2Exception.HeaderListSizeException) {
            return Flood.HEADER_LIST;
        }
        return fault.error() == Http2Error.REFUSED_STREAM ? Flood.REFUSED_STREAM : Flood.MADE_YOU_RESET;
    }
}
