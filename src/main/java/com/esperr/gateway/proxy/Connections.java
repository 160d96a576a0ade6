package com.esperr.gateway.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many clients are connected, how many may be, and whether the gateway is on its way out. Thread-safe. */
public final class Connections {
    private final int limit;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder requestsOpen = new LongAdder();
    private final LongAdder upstreamRetries = new LongAdder();
    private volatile boolean draining;

    /** At most {@code limit} connections. */
    public Connections(int limit) {
        this.limit = limit;
    }

    /** Connections that are open now. */
    public int open() {
        return open.get();
    }

    /** Connections accepted since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Requests that have begun and not ended. */
    public long requestsOpen() {
        return requestsOpen.sum();
    }

    /** Requests that were sent to the origin a second time. */
    public long upstreamRetries() {
        return upstreamRetries.sum();
    }

    void requestBegun() {
        requestsOpen.increment();
    }

    void requestEnded(boolean retried) {
        requestsOpen.decrement();
        if (retried) {
            upstreamRetries.increment();
        }
    }

    /** Whether connections are closed after their current request. */
    public boolean draining() {
        return draining;
    }

    /** From now on they are. */
    public void drain() {
        draining = true;
    }

    /** Counts one in; false if it is one too many, in which case it still counts until it is closed. */
    boolean opened() {
        accepted.increment();
        return open.incrementAndGet() <= limit;
    }

    void closed() {
        open.decrementAndGet();
    }
}
