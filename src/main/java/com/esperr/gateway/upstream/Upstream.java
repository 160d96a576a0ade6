package com.esperr.gateway.upstream;

import com.esperr.gateway.transport.ClientTls;
import com.esperr.gateway.transport.EventLoops;
import com.esperr.gateway.transport.LoopLocal;
import com.esperr.gateway.transport.Sweeper;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The origin behind the gateway: one pool of connections per event loop. Thread-safe. */
public final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private final OriginConfig config;
    private final @Nullable ClientTls tls;
    private final PoolGauges gauges = new PoolGauges();
    private final LoopLocal<OriginPool> pools;

    /**
     * An origin reached from {@code loops}, reading time from {@code nanos}.
     *
     * @throws IllegalArgumentException if a file of {@code origin.tls} cannot be used
     */
    public Upstream(OriginConfig config, EventLoops loops, LoopLocal<Sweeper> sweepers, LongSupplier nanos) {
        this.config = config;
        this.tls = config.clientTls();
        if (tls != null && !config.tls().verify()) {
            LOG.warn("origin.tls.verify: false: whoever answers at {} is taken for the origin", config.url());
        }
        this.pools = new LoopLocal<>(loop -> new OriginPool(loop, loops, config, tls, sweepers.get(), nanos, gauges));
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

    /** How TLS is spoken to it, or null if it is not. */
    @Nullable
    ClientTls tls() {
        return tls;
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
