package com.esperr.gateway.telemetry;

import com.esperr.gateway.bound.Fill;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts and times what the decision service answers. Thread-safe. Every label is one of ours. */
public final class ServiceMetrics {
    private final Metrics metrics;
    private final Counter[] received = new Counter[Kind.values().length];
    private final Counter limited;
    private final Counter refusedConnections;
    private final Counter closedConnections;
    private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

    /** What clients send. */
    public enum Kind {
        /** A request to be decided on. */
        QUESTION,
        /** Something that has happened. */
        EVENT
    }

    /** Meters in {@code metrics}. */
    public ServiceMetrics(Metrics metrics) {
        this.metrics = metrics;
        for (Kind kind : Kind.values()) {
            received[kind.ordinal()] =
                    metrics.counter(MeterName.SERVER_EVENTS, kind.name().toLowerCase(Locale.ROOT));
        }
        this.limited = metrics.counter(MeterName.SERVER_RATE_LIMITED);
        this.refusedConnections = metrics.counter(MeterName.SERVER_CONNECTIONS_REFUSED);
        this.closedConnections = metrics.counter(MeterName.SERVER_CONNECTIONS_CLOSED);
        List.of("missing", "unknown", "tenant").forEach(this::failures);
    }

    /** So many questions or events were understood. */
    public void received(Kind kind, int count) {
        received[kind.ordinal()].increment(count);
    }

    /** Somebody was not let in. */
    public void refused(String reason) {
        failures(reason).increment();
    }

    /** A key has asked too much. */
    public void rateLimited() {
        limited.increment();
    }

    /** A proof was looked at. */
    public void proof(String verdict) {
        counters.computeIfAbsent("proof " + verdict, key -> metrics.counter(MeterName.SERVER_PROOFS, verdict))
                .increment();
    }

    /** A request was answered. */
    public void answered(String operation, int status, long nanos) {
        String statusClass = StatusClass.of(status).label();
        counters.computeIfAbsent(
                        operation + ' ' + statusClass,
                        key -> metrics.counter(MeterName.SERVER_REQUESTS, operation, statusClass))
                .increment();
        timers.computeIfAbsent(operation, key -> metrics.timer(MeterName.SERVER_SECONDS, Buckets.DECISION, operation))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** There were too many connections. */
    public void connectionRefused() {
        refusedConnections.increment();
    }

    /** A connection has ended. */
    public void connectionClosed() {
        closedConnections.increment();
    }

    /** How many connections there was no room for. */
    public long connectionsRefused() {
        return (long) refusedConnections.count();
    }

    /** Shows how full that is. */
    public void show(Fill fill) {
        metrics.show(fill);
    }

    /** Shows how many questions and events were repetitions. */
    public void repeated(LongSupplier count) {
        metrics.counter(MeterName.SERVER_REPEATED, count);
    }

    private Counter failures(String reason) {
        return counters.computeIfAbsent(
                "auth " + reason, key -> metrics.counter(MeterName.SERVER_AUTH_FAILURES, reason));
    }
}
