package com.esperr.gateway.beacon;

import java.time.Duration;

/** The one thread that takes events from the queue. */
interface EventConsumer {
    /** Starts the thread. */
    void start();

    /** Ends the thread after it has taken what waits, waiting for that at most {@code limit}. */
    void finish(Duration limit);

    /** The same for somebody who goes on with what waits. */
    default void handOver(Duration limit) {
        finish(limit);
    }
}
