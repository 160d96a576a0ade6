package com.esperr.gateway.bound;

import java.util.function.LongSupplier;

/**
 * A count over owners that come and go, which does not fall when one goes: what it would fall by is kept. Thread-safe. What an owner counts
 * between the last look at it and its end is not in it.
 */
final class RisingCount implements LongSupplier {
    private final LongSupplier now;
    /** Guarded by this. */
    private long last;
    /** Guarded by this. */
    private long gone;

    RisingCount(LongSupplier now) {
        this.now = now;
    }

    @Override
    public synchronized long getAsLong() {
        long current = now.getAsLong();
        if (current < last) {
            gone += last - current;
        }
        last = current;
        return gone + current;
    }
}
