package com.esperr.gateway.bots;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** So many a second, with as many at once after a rest. Thread-safe, without a lock: one number says when the next is due. */
final class Budget {
    private static final long SECOND = 1_000_000_000;

    private final long interval;
    private final LongSupplier nanos;
    private final AtomicLong due;

    Budget(int perSecond, LongSupplier nanos) {
        this.interval = SECOND / perSecond;
        this.nanos = nanos;
        this.due = new AtomicLong(nanos.getAsLong() - SECOND);
    }

    /** Whether there is one more. */
    boolean take() {
        long now = nanos.getAsLong();
        while (true) {
            long before = due.get();
            // Nobody saves up for more than a second.
            long start = before - (now - SECOND) < 0 ? now - SECOND : before;
            if (start - now >= 0) {
                return false;
            }
            if (due.compareAndSet(before, start + interval)) {
                return true;
            }
        }
    }
}
