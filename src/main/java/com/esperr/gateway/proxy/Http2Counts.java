package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of all HTTP/2 connections of visitors. Thread-safe. */
public final class Http2Counts {
    private final LongAdder[] floods = new LongAdder[Flood.values().length];
    private final LongAdder open = new LongAdder();
    private final LongAdder streams = new LongAdder();

    Http2Counts() {
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
    public long streams() {
        return streams.sum();
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
        streams.increment();
    }
}
