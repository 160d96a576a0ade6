package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;

/**
 * Receives the one outcome of a wish for a connection. Exactly one method is called, on the event loop that asked,
 * possibly before the call that asked has returned; none after the wish was cancelled.
 */
public interface LeaseSink {
    /** A connection, or a stream of one, is the receiver's until it calls {@code release} or {@code discard}. */
    void leased(RequestOutput connection);

    /** Whether it must be a whole connection, of HTTP/1.1, because it may become something else. */
    boolean whole();

    /** There is none; {@code reason} has side ORIGIN. */
    void leaseFailed(FailureReason reason, String detail);
}
