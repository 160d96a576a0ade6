package com.esperr.gateway.boot;

import com.esperr.gateway.hybrid.FeedState;
import com.esperr.gateway.hybrid.HybridSource;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The gauges of parts that a reload switched off: a last value would stand or grow for ever, and alert. Counters stay. Stateless. */
final class Departed {
    private static final List<MeterName> OF_BEACON = List.of(
            MeterName.BEACON_WAITING,
            MeterName.BEACON_SPOOL_EVENTS,
            MeterName.BEACON_SPOOL_BYTES,
            MeterName.BEACON_SPOOL_FILE_BYTES,
            MeterName.BEACON_OLDEST_SECONDS);
    private static final List<MeterName> OF_CLOUD = List.of(
            MeterName.DECISION_WAITING,
            MeterName.DECISION_CACHE_ENTRIES,
            MeterName.DECISION_LIMIT,
            MeterName.BREAKER_OPEN);
    private static final List<MeterName> OF_FEED =
            List.of(MeterName.HYBRID_FEED_AGE, MeterName.HYBRID_FEED_CONNECTED, MeterName.HYBRID_FEED_ENTRIES);

    private Departed() {}

    /** Shows no more what {@code before} had and {@code next} has not. */
    static void forget(Metrics metrics, Lineup before, Lineup next) {
        if (before.beacon() != null && next.beacon() == null) {
            OF_BEACON.forEach(metrics::forget);
        }
        if (before.sources().cloud() != null && next.sources().cloud() == null) {
            OF_CLOUD.forEach(metrics::forget);
            metrics.forget(MeterName.DECISION_CONNECTIONS, "idle");
            metrics.forget(MeterName.DECISION_CONNECTIONS, "leased");
        }
        if (before.sources().hybrid() != null && next.sources().hybrid() == null) {
            metrics.forget(MeterName.HYBRID_ENTRIES);
        }
        Set<String> fed = feeds(next.sources().hybrid());
        for (String feed : feeds(before.sources().hybrid())) {
            if (!fed.contains(feed)) {
                OF_FEED.forEach(name -> metrics.forget(name, feed));
            }
        }
    }

    private static Set<String> feeds(@Nullable HybridSource hybrid) {
        return hybrid == null
                ? Set.of()
                : hybrid.feeds().stream().map(FeedState::name).collect(Collectors.toUnmodifiableSet());
    }
}
