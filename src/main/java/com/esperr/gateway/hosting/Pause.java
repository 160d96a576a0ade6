package com.esperr.gateway.hosting;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** For how long somebody is left alone who did not answer. Thread-safe. When it is over the next visitor tries. */
final class Pause {
    private static final long NONE = Long.MIN_VALUE;

    private final Duration length;
    private final LongSupplier nanos;
    private final AtomicLong end = new AtomicLong(NONE);

    Pause(Duration length, LongSupplier nanos) {
        this.length = length;
        this.nanos = nanos;
    }

    Duration length() {
        return length;
    }

    /** Begins one; false if one is under way, which then goes on as it is. */
    boolean begin() {
        if (under()) {
            return false;
        }
        end.set(nanos.getAsLong() + length.toNanos());
        return true;
    }

    void end() {
        end.set(NONE);
    }

    boolean under() {
        long until = end.get();
        return until != NONE && until - nanos.getAsLong() > 0;
    }
}
