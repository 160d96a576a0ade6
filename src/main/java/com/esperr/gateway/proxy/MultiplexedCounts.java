package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of all connections of visitors that speak HTTP/2, or HTTP/3. Thread-safe. */
public final class MultiplexedCounts {
    private final LongAdder[] floods = new LongAdder[Flood.values().length];
    private final LongAdder open = new LongAdder();
    private final LongAdder requests = new LongAdder();

    MultiplexedCounts() {
        for (Flood kind : Flood.values()) {
            floods[kind.ordinal()] = new LongAdder();
        }
    }

    /** Connections that were ended because of such a flood. */
    public long floods(Flood kind) {
        return floods[kind.ordinal()].sum();
    }

    /** Connections that are open now. */
    public long open() {
        return open.sum();
    }

    /** Requests that have come since the start. */
    public long requests() {
        return requests.sum();
    }

    void flooded(Flood kind) {
        floods[kind.ordinal()].increment();
    }

    void opened() {
        open.increment();
    }

    void closed() {
        open.decrement();
    }

    void begun() {
        requests.increment();
    }
}
