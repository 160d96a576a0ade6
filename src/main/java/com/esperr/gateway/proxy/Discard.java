package com.esperr.gateway.proxy;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.RequestHead;

/** Request bodies that nobody wants because we have answered ourselves. Stateless. */
final class Discard {
    /** Bytes that are read and thrown away to keep the connection. */
    static final long AT_MOST = 64 * 1024;

    private Discard() {}

    /** Whether the body is worth reading: it is short, or may be, and the client sends it without being told to. */
    static boolean may(RequestHead request) {
        return !request.expectsContinue()
                && (request.bodyLength() == BodyLength.CHUNKED || request.bodyLength() <= AT_MOST);
    }
}
