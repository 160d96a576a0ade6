package com.esperr.gateway.boot;

import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.upstream.Intake;
import com.esperr.gateway.upstream.OriginEndpoint;
import com.esperr.gateway.upstream.Rank;
import com.esperr.gateway.upstream.Upstream;
import com.esperr.gateway.upstream.Upstreams;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connects the numbers of each origin with the metrics that show them, also when others take their place. Stateless. */
final class OriginGauges {
    private static final String CHALLENGED = "challenged";
    private static final String REFUSED = "refused";
    private static final String LATE = "late";

    private OriginGauges() {}

    /** Shows one origin and its endpoints; {@code nanos} is the gateway's clock. */
    static void connect(Metrics metrics, Upstream upstream, LongSupplier nanos) {
        String origin = upstream.config().name();
        metrics.counter(MeterName.UPSTREAM_MOVED, upstream::moved, origin);
        metrics.counter(MeterName.UPSTREAM_RETRIES_REFUSED, upstream::unbudgeted, origin);
        for (OriginEndpoint endpoint : upstream.endpoints()) {
            String label = endpoint.label();
            metrics.gauge(
                    MeterName.UPSTREAM_ENDPOINT_UP,
                    () -> endpoint.state(nanos.getAsLong()).getsRequests() ? 1 : 0,
                    origin,
                    label);
            metrics.gauge(MeterName.UPSTREAM_ENDPOINT_LOAD, endpoint::load, origin, label);
            metrics.counter(MeterName.UPSTREAM_EJECTIONS, endpoint::ejections, origin, label);
            metrics.counter(MeterName.UPSTREAM_HEALTH_CHECKS, () -> endpoint.checked(true), origin, label, "ok");
            metrics.counter(MeterName.UPSTREAM_HEALTH_CHECKS, () -> endpoint.checked(false), origin, label, "failed");
        }
        Intake intake = upstream.intake();
        if (intake != null) {
            connect(metrics, intake, origin);
        }
    }

    private static void connect(Metrics metrics, Intake intake, String origin) {
        metrics.gauge(MeterName.UPSTREAM_LIMIT, intake::limit, origin);
        metrics.gauge(MeterName.UPSTREAM_UNDER_WAY, intake::underWay, origin);
        for (Rank rank : Rank.values()) {
            metrics.gauge(MeterName.UPSTREAM_QUEUED, () -> intake.waiting(rank), origin, rank.label());
            metrics.counter(MeterName.UPSTREAM_SHED, () -> intake.refused(rank), origin, rank.label(), REFUSED);
            metrics.counter(MeterName.UPSTREAM_SHED, () -> intake.late(rank), origin, rank.label(), LATE);
        }
        metrics.counter(MeterName.UPSTREAM_SHED, intake::challenged, origin, Rank.UNVERIFIED.label(), CHALLENGED);
    }

    /** Shows the numbers of {@code next} where those of {@code before} were. */
    static void replace(Metrics metrics, Upstreams before, Upstreams next, LongSupplier nanos) {
        before.all().stream()
                .filter(upstream -> !next.all().contains(upstream))
                .forEach(upstream -> forget(metrics, upstream, next));
        next.all().stream()
                .filter(upstream -> !before.all().contains(upstream))
                .forEach(upstream -> connect(metrics, upstream, nanos));
    }

    private static void forget(Metrics metrics, Upstream gone, Upstreams next) {
        String origin = gone.config().name();
        Upstream named = null;
        Set<String> stay = new HashSet<>();
        for (Upstream upstream : next.all()) {
            if (upstream.config().name().equals(origin)) {
                named = upstream;
                upstream.endpoints().forEach(endpoint -> stay.add(endpoint.label()));
            }
        }
        if (named == null) {
            metrics.forget(MeterName.UPSTREAM_MOVED, origin);
            metrics.forget(MeterName.UPSTREAM_RETRIES_REFUSED, origin);
        }
        if (named == null || named.intake() == null) {
            forget(metrics, gone.intake(), origin);
        }
        for (OriginEndpoint endpoint : gone.endpoints()) {
            if (!stay.contains(endpoint.label())) {
                String label = endpoint.label();
                metrics.forget(MeterName.UPSTREAM_ENDPOINT_UP, origin, label);
                metrics.forget(MeterName.UPSTREAM_ENDPOINT_LOAD, origin, label);
                metrics.forget(MeterName.UPSTREAM_EJECTIONS, origin, label);
                metrics.forget(MeterName.UPSTREAM_HEALTH_CHECKS, origin, label, "ok");
                metrics.forget(MeterName.UPSTREAM_HEALTH_CHECKS, origin, label, "failed");
            }
        }
    }

    private static void forget(Metrics metrics, @Nullable Intake gone, String origin) {
        if (gone == null) {
            return;
        }
        metrics.forget(MeterName.UPSTREAM_LIMIT, origin);
        metrics.forget(MeterName.UPSTREAM_UNDER_WAY, origin);
        for (Rank rank : Rank.values()) {
            metrics.forget(MeterName.UPSTREAM_QUEUED, origin, rank.label());
            metrics.forget(MeterName.UPSTREAM_SHED, origin, rank.label(), REFUSED);
            metrics.forget(MeterName.UPSTREAM_SHED, origin, rank.label(), LATE);
        }
        metrics.forget(MeterName.UPSTREAM_SHED, origin, Rank.UNVERIFIED.label(), CHALLENGED);
    }
}
