package com.esperr.gateway.hybrid;

import com.esperr.gateway.state.StateKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What one feed tells, on its way into the store, and how long it has been silent. Thread-safe. */
final class FeedSink implements MitigationSink {
    private final MitigationStore store;
    private final LongSupplier nanos;
    private final boolean steady;
    private final AtomicLong heardAt;
    private final AtomicInteger round = new AtomicInteger();
    private final AtomicLong entries = new AtomicLong();

    FeedSink(MitigationStore store, boolean steady, LongSupplier nanos) {
        this.store = store;
        this.steady = steady;
        this.nanos = nanos;
        this.heardAt = new AtomicLong(nanos.getAsLong());
    }

    @Override
    public void put(StateKey key, Mitigation mitigation) {
        store.put(key, mitigation, this, round.get());
    }

    @Override
    public boolean remove(StateKey key, long asOfMillis) {
        return store.remove(key, asOfMillis, this);
    }

    @Override
    public Replacement replaceAll() {
        int begun = round.incrementAndGet();
        return new Replacement() {
            @Override
            public void put(StateKey key, Mitigation mitigation) {
                store.put(key, mitigation, FeedSink.this, begun);
            }

            @Override
            public void done() {
                store.removeOlder(FeedSink.this, begun);
            }
        };
    }

    @Override
    public void heard() {
        heardAt.set(nanos.getAsLong());
    }

    /** What it told is remembered, or not any more. */
    void counted(int more) {
        entries.addAndGet(more);
    }

    /** How much of what it told is remembered, roughly: never too little. */
    long entries() {
        return entries.get();
    }

    /** Whether it speaks unasked, and so knows better than what an answer to one event says. */
    boolean steady() {
        return steady;
    }

    /** How long it has told nothing, from the start if it never has. */
    long silentNanos() {
        return nanos.getAsLong() - heardAt.get();
    }
}
