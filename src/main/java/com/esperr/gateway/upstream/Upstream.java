package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import java.util.function.LongSupplier;

/** The origin behind the gateway: one pool of connections per event loop. Thread-safe. */
public final class Upstream {
    private final OriginConfig config;
    private final PoolGauges gauges = new PoolGauges();
    private final LoopLocal<OriginPool> pools;

    /** An origin reached from {@code loops}, reading time from {@code nanos}. */
    public Upstream(OriginConfig config, EventLoops loops, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        this.config = config;
        this.pools = new LoopLocal<>(loop -> new OriginPool(loop, loops, config, sweepers.get(), nanos, gauges));
    }

    /** Asks for a connection on the current event loop; {@code sink} is told once. */
    public Lease lease(LeaseSink sink) {
        return pools.get().lease(sink, false);
    }

    /** Like {@link #lease}, but for a connection that nobody has used. */
    public Lease leaseFresh(LeaseSink sink) {
        return pools.get().lease(sink, true);
    }

    /** How the origin is reached. */
    public OriginConfig config() {
        return config;
    }

    /** Counts over all pools. */
    public PoolGauges gauges() {
        return gauges;
    }

    /** A wish for a connection that may still be open. */
    public interface Lease {
        /** Withdraws the wish; its sink is not told. Does nothing once it was. */
        void cancel();
    }
}
