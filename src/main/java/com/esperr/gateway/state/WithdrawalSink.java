package com.esperr.gateway.state;

import org.jspecify.annotations.Nullable;

/** Receives the one outcome of a withdrawal: exactly one method is called, exactly once, on the thread that asked. */
public interface WithdrawalSink {
    /** What lay there, or null if nothing did. */
    void taken(byte @Nullable [] value);

    /** Nobody knows; {@code detail} is a sentence for the log. */
    void failed(String detail);
}
