package com.esperr.gateway.upstream;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether one more endpoint of an origin may be ejected. Thread-safe. */
final class Outliers {
    private static final Logger LOG = LoggerFactory.getLogger(Outliers.class);

    private final List<OriginEndpoint> endpoints;
    private final int most;
    private final LongSupplier nanos;
    private final AtomicBoolean deciding = new AtomicBoolean();

    Outliers(List<OriginEndpoint> endpoints, OutlierConfig config, LongSupplier nanos) {
        this.endpoints = endpoints;
        this.most = config.most(endpoints.size());
        this.nanos = nanos;
    }

    /**
     * Ejects {@code endpoint}, unless that would be too many or leave nobody. Nobody waits here: who meets another event loop
     * that is at it leaves it to the next failure.
     */
    void eject(OriginEndpoint endpoint) {
        if (deciding.compareAndSet(false, true)) {
            try {
                decide(endpoint, nanos.getAsLong());
            } finally {
                deciding.set(false);
            }
        }
    }

    private void decide(OriginEndpoint endpoint, long now) {
        EndpointHealth health = endpoint.health();
        if (!health.usable(now)) {
            return;
        }
        long out = endpoints.stream().filter(one -> one.health().ejectedAt(now)).count();
        long well = endpoints.stream().filter(one -> one.health().usable(now)).count();
        if (out < most && well > 1) {
            health.eject(now);
            LOG.warn(
                    "origin {}: too many failures in a row, no requests for {} ms",
                    endpoint.label(),
                    health.ejectedFor(now) / 1_000_000);
        }
    }
}
