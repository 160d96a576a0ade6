package com.esperr.gateway.proxy;

import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the client in one exchange, as messages; how they look on the wire, and how the end of a body is told, is the
 * affair of the implementation. Confined to the event loop of the client's connection. Takes every buffer it is given. What is
 * written leaves with the next {@link #flush} at the latest.
 */
interface ResponseOutput {
    /** Tells a client that waits for it to send its body. */
    void writeContinue();

    /** Sends an interim head of the origin's, if this client may be sent one. */
    void interim(ResponseHead head);

    /**
     * Sends the final head of the origin's response.
     *
     * @param asked the request that it answers
     * @param close whether the connection cannot be used again, where it carries one exchange at a time
     * @return {@code close}, or true if this response can only end with its connection
     */
    boolean head(ResponseHead head, RequestHead asked, boolean close);

    /** Tells the client that its connection, or its stream, speaks {@code protocol} from here on. */
    void upgraded(ResponseHead head, String protocol);

    /** Sends a piece of the body; takes {@code data}. */
    void data(ByteBuf data);

    /** The response is complete. */
    void end(MessageEnd end);

    /**
     * Sends a reply of our own, whole.
     *
     * @param asked the request that it answers, or null if that was not understood
     * @param close as for {@link #head}
     * @return the length of the body that was sent
     */
    int reply(LocalReply reply, @Nullable RequestHead asked, boolean close);

    /** The origin's response is over, whole or not: frees what only its body needed. */
    default void letGo() {}

    /** Pushes what was written to the network. */
    void flush();

    /** Takes back a head, with what is behind it; false if it is on its way already, or there was none. */
    boolean takeBack();

    /** Whether more response bytes should be written now. */
    boolean writable();

    /** A number that changes while the client takes response bytes, and stays while it does not. */
    long unsentBytes();
}
