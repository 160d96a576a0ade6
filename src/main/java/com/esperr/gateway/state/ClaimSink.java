package com.esperr.gateway.state;

/** Receives the one outcome of a claim: exactly one method is called, exactly once, on the thread that asked. */
public interface ClaimSink {
    /** The store has answered. */
    void claimed(Claimed outcome);

    /** Nobody knows whose it is; {@code detail} is a sentence for the log. */
    void failed(String detail);
}
