package com.esperr.gateway.telemetry;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeListener;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.failure.Side;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times finished exchanges. Thread-safe. Every meter is looked up once, here or on first use; per request there
 * are array accesses, and hash look-ups only for the name of the source.
 */
public final class ExchangeMetrics implements ExchangeListener {
    private final Counter[][] requests = new Counter[Outcome.values().length][StatusClass.values().length];
    private final Counter[] failures = new Counter[FailureReason.values().length];
    private final Counter[] failOpen = new Counter[FailureReason.values().length];
    private final Counter[] observed = new Counter[Action.values().length];
    private final Timer request;
    private final Timer upstream;
    private final KnownNames<SourceMeters> sources;
    private final Exemplars exemplars;

    /**
     * Meters in {@code metrics}.
     *
     * @param sources the names of the decision sources there are
     */
    public ExchangeMetrics(Metrics metrics, Collection<String> sources) {
        this.exemplars = metrics.exemplars();
        for (Outcome outcome : Outcome.values()) {
            for (StatusClass status : StatusClass.values()) {
                requests[outcome.ordinal()][status.ordinal()] =
                        metrics.counter(MeterName.REQUESTS, outcome.label(), status.label());
            }
        }
        for (FailureReason reason : FailureReason.values()) {
            String side = reason.side().name().toLowerCase(Locale.ROOT);
            failures[reason.ordinal()] = metrics.counter(MeterName.FAILURES, side, reason.label());
            if (reason.side() == Side.DECISION) {
                failOpen[reason.ordinal()] = metrics.counter(MeterName.FAIL_OPEN, reason.label());
            }
        }
        for (Action action : Action.values()) {
            observed[action.ordinal()] = metrics.counter(MeterName.DECISIONS_OBSERVED, action.label());
        }
        this.request = metrics.timer(MeterName.REQUEST_SECONDS, Buckets.REQUEST);
        this.upstream = metrics.timer(MeterName.UPSTREAM_SECONDS, Buckets.REQUEST);
        this.sources = new KnownNames<>(SourceMeters.allNames(sources), name -> new SourceMeters(metrics, name));
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        boolean traced = exemplars.begin(exchange.request());
        try {
            counted(exchange);
        } finally {
            if (traced) {
                exemplars.end();
            }
        }
    }

    private void counted(ExchangeRecord exchange) {
        int status = StatusClass.of(exchange.status()).ordinal();
        requests[exchange.outcome().ordinal()][status].increment();
        record(request, Phase.TOTAL.nanos(exchange));
        record(upstream, Phase.FIRST_BYTE.nanos(exchange));
        count(failures, exchange.failure());
        Decision decision = exchange.decision();
        if (decision != null) {
            decided(exchange, decision.action(), decision.cause());
        }
    }

    private void decided(ExchangeRecord exchange, Action action, Cause cause) {
        SourceMeters source = sources.get(cause.source());
        source.decisions(action, cause).increment();
        record(source.seconds(), Phase.DECISION.nanos(exchange));
        FailureReason failure = cause.failure();
        count(failures, failure);
        boolean wentOn = action == Action.ALLOW || !exchange.enforced();
        if (wentOn && failure != null && failure.side() == Side.DECISION) {
            count(failOpen, failure);
        }
        Action watched = cause.observed();
        if (watched != null) {
            observed[watched.ordinal()].increment();
        } else if (!exchange.enforced()) {
            observed[action.ordinal()].increment();
        }
    }

    private static void count(Counter[] counters, @Nullable FailureReason reason) {
        if (reason != null) {
            counters[reason.ordinal()].increment();
        }
    }

    private static void record(Timer timer, long nanos) {
        if (nanos >= 0) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
