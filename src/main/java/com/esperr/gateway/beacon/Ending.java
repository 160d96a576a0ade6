package com.esperr.gateway.beacon;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a thread that was told to end. Stateless. */
final class Ending {
    private Ending() {}

    static void await(Thread thread, Duration limit) {
        LockSupport.unpark(thread);
        try {
            thread.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
