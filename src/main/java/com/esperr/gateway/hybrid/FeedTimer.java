package com.esperr.gateway.hybrid;

import com.esperr.gateway.transport.EventLoops;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has work of a feed done later, always on the same event loop. */
interface FeedTimer {
    /** Runs {@code task} in so many nanoseconds. */
    void in(long delayNanos, Runnable task);

    /** One on one of {@code loops}. */
    static FeedTimer on(EventLoops loops) {
        ScheduledExecutorService loop = loops.next();
        return (delay, task) -> {
            var unused = loop.schedule(task, delay, TimeUnit.NANOSECONDS);
        };
    }
}
