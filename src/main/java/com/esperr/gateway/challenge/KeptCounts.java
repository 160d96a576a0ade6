package com.esperr.gateway.challenge;

import java.util.concurrent.atomic.LongAdder;

/** How often what became of requests that were challenged. Thread-safe. */
public final class KeptCounts {
    private final LongAdder kept = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder tooLarge = new LongAdder();
    private final LongAdder lost = new LongAdder();

    KeptCounts() {}

    void kept() {
        kept.increment();
    }

    void resumed() {
        resumed.increment();
    }

    void unknown() {
        unknown.increment();
    }

    void tooLarge() {
        tooLarge.increment();
    }

    void lost() {
        lost.increment();
    }

    /** That were kept. */
    public long keptCount() {
        return kept.sum();
    }

    /** That were done. */
    public long resumedCount() {
        return resumed.sum();
    }

    /** For which somebody came who had none, or not any more. */
    public long unknownCount() {
        return unknown.sum();
    }

    /** That were too large. */
    public long tooLargeCount() {
        return tooLarge.sum();
    }

    /** That could not be kept, because there was no room or no store. */
    public long lostCount() {
        return lost.sum();
    }
}
