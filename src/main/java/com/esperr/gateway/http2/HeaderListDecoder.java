package com.esperr.gateway.http2;

import com.esperr.gateway.http1.DecoderLimits;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * HPACK into {@link HeaderList}s. Confined to the event loop of its connection. It limits what a list may grow to; what the fields
 * say is left to {@link RequestHeads}, which answers instead of resetting.
 */
public final class HeaderListDecoder extends DefaultHttp2HeadersDecoder {
    /** What RFC 9113 section 6.5.2 counts for each field, and how many fields a request has besides its lines. */
    private static final long PER_FIELD = 32;

    private static final int PSEUDO_FIELDS = 8;

    private HeaderListDecoder(long most) {
        super(false, most);
    }

    /** A decoder of lists that may be heads within {@code limits}. */
    public static HeaderListDecoder within(DecoderLimits limits) {
        return new HeaderListDecoder(most(limits));
    }

    /** The size of the largest list that may be a head within {@code limits}. */
    public static long most(DecoderLimits limits) {
        return PER_FIELD * (limits.headerCount() + PSEUDO_FIELDS) + limits.startLine() + limits.headerBytes();
    }

    @Override
    protected Http2Headers newHeaders() {
        // The guess is an average of those before, rounded down: lists that are all alike would outgrow it.
        return new HeaderList(Math.max(8, numberOfHeadersGuess() + 1));
    }
}
