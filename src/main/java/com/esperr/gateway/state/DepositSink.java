package com.esperr.gateway.state;

/** Receives the one outcome of a deposit: exactly one method is called, exactly once, on the thread that asked. */
public interface DepositSink {
    /** It lies there. */
    void laid();

    /** It may not; {@code detail} is a sentence for the log. */
    void failed(String detail);
}
