package com.esperr.gateway.upstream;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** What the pools of one endpoint on all event loops hold together; thread-safe, written by the loops and read by metrics. */
public final class PoolGauges {
    private final List<PoolGauges> parts;
    final LongAdder open = new LongAdder();
    final LongAdder idle = new LongAdder();
    final LongAdder leased = new LongAdder();
    final LongAdder connecting = new LongAdder();
    final LongAdder waiting = new LongAdder();
    final LongAdder refused = new LongAdder();

    PoolGauges() {
        this(List.of());
    }

    private PoolGauges(List<PoolGauges> parts) {
        this.parts = parts;
    }

    /** The sums over several. */
    public static PoolGauges over(List<PoolGauges> parts) {
        return new PoolGauges(List.copyOf(parts));
    }

    private long total(LongAdder own, ToLongFunction<PoolGauges> number) {
        long sum = own.sum();
        for (PoolGauges part : parts) {
            sum += number.applyAsLong(part);
        }
        return sum;
    }

    /** Established connections. */
    public long open() {
        return total(open, PoolGauges::open);
    }

    /** Established connections that nobody uses. */
    public long idle() {
        return total(idle, PoolGauges::idle);
    }

    /** Connections, or streams of shared ones, in the hands of an exchange. */
    public long leased() {
        return total(leased, PoolGauges::leased);
    }

    /** Connections being established. */
    public long connecting() {
        return total(connecting, PoolGauges::connecting);
    }

    /** Exchanges that could not even wait for one. */
    long refused() {
        return total(refused, PoolGauges::refused);
    }

    /** Exchanges waiting for a connection. */
    public long waiting() {
        return total(waiting, PoolGauges::waiting);
    }
}
