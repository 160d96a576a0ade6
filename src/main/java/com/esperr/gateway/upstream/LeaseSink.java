package com.esperr.gateway.upstream;

import com.esperr.gateway.failure.FailureReason;

/**
 * Receives the one outcome of a wish for a connection. Exactly one method is called, on the event loop that asked,
 * possibly before the call that asked has returned; none after the wish was cancelled.
 */
public interface LeaseSink {
    /** A connection is the receiver's until it calls {@code release} or {@code discard}. */
    void leased(UpstreamConnection connection);

    /** There is none; {@code reason} has side ORIGIN. */
    void leaseFailed(FailureReason reason, String detail);
}
