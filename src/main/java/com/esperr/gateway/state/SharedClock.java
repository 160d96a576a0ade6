package com.esperr.gateway.state;

import java.util.function.LongSupplier;

/**
 * The clock of Redis as seen from here, so that gateways whose own clocks differ count in the same windows. Every reading
 * says that the difference lies within what the round trip took; the known difference is moved only as far as a reading
 * proves it wrong, and so does not tremble. Thread-safe.
 */
final class SharedClock {
    private final LongSupplier millis;
    private volatile long ahead;

    /**
     * A clock that is taken for equal until it was read.
     *
     * @param millis this machine's clock, epoch milliseconds
     */
    SharedClock(LongSupplier millis) {
        this.millis = millis;
    }

    /** This machine's clock. */
    long here() {
        return millis.getAsLong();
    }

    /** Redis's clock. */
    long now() {
        return millis.getAsLong() + ahead;
    }

    /** Redis's time at {@code here} on this machine's clock. */
    long shared(long here) {
        return here > Long.MAX_VALUE - Math.abs(ahead) ? here : here + ahead;
    }

    /** This machine's time at {@code shared} on Redis's clock. */
    long local(long shared) {
        return shared > Long.MAX_VALUE - Math.abs(ahead) ? shared : shared - ahead;
    }

    /** By how many milliseconds Redis's clock is ahead of this machine's. */
    long ahead() {
        return ahead;
    }

    /** Takes notice that Redis's clock showed {@code shared} between two times of this machine's. */
    void read(long shared, long before, long after) {
        ahead = Math.max(shared - after, Math.min(shared - before, ahead));
    }
}
