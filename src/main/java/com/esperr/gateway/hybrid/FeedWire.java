package com.esperr.gateway.hybrid;

import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.StreamReceiver;
import org.jspecify.annotations.Nullable;

/** How a pushed feed reaches its server. Confined to the event loop of the feed. */
interface FeedWire {
    /**
     * Asks for everything, or for what has changed since {@code cursor}.
     *
     * @return how to end it
     */
    CallHandle open(@Nullable String cursor, StreamReceiver receiver);
}
