package com.esperr.gateway.http1;

import io.netty.buffer.ByteBuf;

/** Where the bytes of a message go: one side's connection. Confined to its event loop. */
public interface ByteSink {
    /** Sends bytes; takes {@code bytes}, whatever becomes of the connection. */
    void write(ByteBuf bytes);
}
