package com.esperr.gateway.upstream;

import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;

/**
 * What one exchange sends to the origin, on a connection or a stream that is its own until it calls {@link #release} or {@link
 * #discard}; how the end of a body is told is the affair of the implementation. Confined to the event loop of the connection. Takes
 * every buffer it is given. What is written leaves with the next {@link #flush} at the latest.
 */
public interface RequestOutput {
    /**
     * Announces {@code request}; the answer goes to {@code listener}.
     *
     * @param maySwitch whether the answer may also change the protocol
     */
    void begin(RequestHead request, boolean maySwitch, ResponseListener listener);

    /** A buffer for the head; the caller owns it. */
    ByteBuf buffer(int capacity);

    /** Sends the head, written as for HTTP/1.1; takes {@code head}. */
    void head(ByteBuf head);

    /** Sends a piece of the body, or of what follows a change of protocol; takes {@code data}. */
    void data(ByteBuf data);

    /** The request, which has a body, is complete. */
    void end(MessageEnd end);

    /** Tells the origin that nothing follows what was written behind a change of protocol; it may still answer. */
    void endOutput();

    /** Pushes what was written to the network. */
    void flush();

    /** Whether more request bytes should be written now. */
    boolean writable();

    /** Whether the response is to be taken from the origin; off while the client does not take it. */
    void reading(boolean on);

    /** Whether an earlier exchange used the connection. */
    boolean reused();

    /** The endpoint it leads to. */
    OriginEndpoint endpoint();

    /** The origin let the exchange down in a way that is not seen here, such as by being silent for too long. */
    void blame();

    /** Gives it back after a complete exchange. */
    void release();

    /** Gives it up: something is unfinished on it. */
    void discard();
}
