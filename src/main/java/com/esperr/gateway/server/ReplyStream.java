package com.esperr.gateway.server;

/** An answer that goes on. Thread-safe. */
interface ReplyStream {
    /** Sends {@code bytes}, which are not touched any more, and runs {@code written} when they have left, if they do. */
    void send(byte[] bytes, Runnable written);

    /** Ends the answer as a whole one. */
    void end();

    /** Cuts the connection. */
    void cut();

    /** Runs {@code action} when the connection is gone, at once if it is. */
    void onClose(Runnable action);
}
