package com.esperr.gateway.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What the pools of all event loops hold together; thread-safe, written by the loops and read by metrics. */
public final class PoolGauges {
    final LongAdder open = new LongAdder();
    final LongAdder idle = new LongAdder();
    final LongAdder leased = new LongAdder();
    final LongAdder connecting = new LongAdder();
    final LongAdder waiting = new LongAdder();

    /** Established connections. */
    public long open() {
        return open.sum();
    }

    /** Established connections that nobody uses. */
    public long idle() {
        return idle.sum();
    }

    /** Connections in the hands of an exchange. */
    public long leased() {
        return leased.sum();
    }

    /** Connections being established. */
    public long connecting() {
        return connecting.sum();
    }

    /** Exchanges waiting for a connection. */
    public long waiting() {
        return waiting.sum();
    }
}
