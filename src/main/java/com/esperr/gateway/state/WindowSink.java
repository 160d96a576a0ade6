package com.esperr.gateway.state;

/** Receives the one outcome of a hit: exactly one method is called, exactly once, on the thread that asked. */
public interface WindowSink {
    /**
     * The hit was counted.
     *
     * @param hits the hits in the window, this one included. Never more than there were; the threshold or more if and only
     *     if the implementation holds the window to be full
     */
    void counted(int hits);

    /** The hit could not be counted; {@code detail} is a sentence for the log. */
    void failed(String detail);
}
