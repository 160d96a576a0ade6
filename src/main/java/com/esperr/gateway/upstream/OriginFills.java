package com.esperr.gateway.upstream;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * How full is what an origin has for requests. Thread-safe: pools are counted over all event loops together, so that one that is full
 * shows only as its share.
 */
final class OriginFills {
    private final OriginConfig config;
    private final int loops;
    private final List<RetryBudget> budgets = new CopyOnWriteArrayList<>();

    OriginFills(OriginConfig config, int loops) {
        this.config = config;
        this.loops = loops;
    }

    /** One more event loop sends requests. */
    void add(RetryBudget budget) {
        budgets.add(budget);
    }

    /** As it is now, {@code full} being the requests that found no endpoint with room. */
    List<Fill> of(Upstream upstream, LongSupplier full) {
        List<Fill> fills = new ArrayList<>();
        for (OriginEndpoint endpoint : upstream.endpoints()) {
            PoolGauges gauges = endpoint.gauges();
            fills.add(Fill.of(
                    Bounded.ORIGIN_CONNECTIONS,
                    () -> gauges.open() + gauges.connecting(),
                    (long) config.maxConnections() * loops,
                    () -> 0));
            fills.add(Fill.of(
                    Bounded.ORIGIN_WAITING, gauges::waiting, (long) config.maxWaiting() * loops, gauges::refused));
            if (config.maxRequests() > 0) {
                fills.add(Fill.of(Bounded.ORIGIN_REQUESTS, endpoint::load, config.maxRequests(), () -> 0));
            }
        }
        if (config.maxRequests() > 0) {
            fills.add(Fill.of(Bounded.ORIGIN_REQUESTS, () -> 0, 0, full));
        }
        Intake intake = upstream.intake();
        if (intake != null) {
            fills.add(intake.fill());
        }
        budgets.forEach(budget -> fills.add(
                Fill.of(Bounded.ORIGIN_RETRIES, budget::spent, config.retry().reserve(), () -> 0)));
        fills.add(Fill.of(Bounded.ORIGIN_RETRIES, () -> 0, 0, upstream::unbudgeted));
        return fills;
    }
}
