package com.esperr.gateway.state;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: a random time, of twice the range each time. Confined to its owner's thread. */
final class BackOff {
    private final long first;
    private final long longest;
    private long range;

    BackOff(Duration first, Duration longest) {
        this.first = first.toMillis();
        this.longest = longest.toMillis();
        this.range = this.first;
    }

    /** The next pause in milliseconds, random so that replicas do not come back all at once. */
    long next() {
        long pause = 1 + ThreadLocalRandom.current().nextLong(range);
        range = Math.min(longest, range * 2);
        return pause;
    }

    /** Begins anew, after a success. */
    void reset() {
        range = first;
    }
}
