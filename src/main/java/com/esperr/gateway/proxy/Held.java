package com.esperr.gateway.proxy;

import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** What is held of a request's body before it goes anywhere; confined to the event loop of its exchange, and owns its pieces. */
interface Held {
    /** Lets the body come. */
    void begin();

    /** Whether the client was told to send its body. */
    boolean continued();

    /** Takes a piece; false if it is not held any more. */
    boolean takes(ByteBuf piece);

    /** Takes the end; false if it is not held any more. */
    boolean takes(MessageEnd ended);

    /** Whether all of the body is held. */
    boolean whole();

    /** Looks at how long it takes. */
    void sweep(long now);

    /** Sends on what is held, the end to {@code ended}, and lets the rest come. */
    void replay(Consumer<ByteBuf> data, Consumer<MessageEnd> ended);

    /** Frees what was not sent on; true if that included the end. */
    boolean drop();
}
