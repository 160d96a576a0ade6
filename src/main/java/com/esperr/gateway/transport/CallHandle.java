package com.esperr.gateway.transport;

/** A call under way; confined to the event loop that made it. */
public interface CallHandle {
    /** Gives the call up, and the connection with it; the callback is not called afterwards. Too late does nothing. */
    void cancel();
}
