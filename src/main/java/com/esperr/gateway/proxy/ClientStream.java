package com.esperr.gateway.proxy;

import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.Peer;
import com.esperr.gateway.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one exchange, whatever version of HTTP it speaks: a turn on an HTTP/1 connection, or a stream. Confined to
 * the event loop of the client's connection, and what implements it calls the exchange on that loop only.
 */
interface ClientStream {
    /** The other end. */
    Peer peer();

    /** The other end as text. */
    String peerText();

    /** How the visitor speaks to this listener: {@code http} or {@code https}. */
    String scheme();

    /** The TLS that the visitor speaks with this listener, or null. */
    @Nullable
    TlsSession tls();

    /** Where the response goes. */
    ResponseOutput output();

    /** A reference for an exchange whose head was not understood. */
    String fallbackReference();

    /** Whether the current request is the last one on its connection. */
    boolean lastRequest();

    /** Whether the rest of a request that is answered already is read, and thrown away, so that the connection can be kept. */
    boolean discards(RequestHead request);

    /** Lets the body of the request come; until then none of it is delivered. */
    void resumeRequest();

    /** Whether more of the body has come and is delivered next, and {@link Exchange#requestReadComplete} is called behind it. */
    default boolean delivering() {
        return false;
    }

    /** What the client sends behind its request is another protocol's: it is delivered as body bytes, as it comes. */
    void tunnel();

    /** Whether request bytes are to be read from the network; off while the origin does not take them. */
    void reading(boolean on);

    /** Whether request bytes are being read. */
    boolean reading();

    /**
     * The exchange is over.
     *
     * @param close whether the connection cannot be used again, where it carries one exchange at a time
     * @param requestComplete whether the whole request has come
     */
    void exchangeDone(boolean close, boolean requestComplete);

    /** Cuts the response so that the client notices: what it has received is not complete. */
    void abort();

    /** Like {@link #abort()}; {@code byClient} if nothing failed but that the client is gone, or does not take its response. */
    default void abort(boolean byClient) {
        abort();
    }
}
