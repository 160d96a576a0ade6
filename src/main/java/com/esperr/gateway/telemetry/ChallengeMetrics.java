package com.esperr.gateway.telemetry;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Times how long visitors take for challenges that are held here. Thread-safe. */
public final class ChallengeMetrics {
    private final Metrics metrics;
    private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

    /** Meters in {@code metrics}. */
    public ChallengeMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /** One was passed that long after its page was made; {@code provider} is one of few. */
    public void solved(String provider, Duration time) {
        timers.computeIfAbsent(provider, each -> metrics.timer(MeterName.CHALLENGE_SECONDS, Buckets.REQUEST, each))
                .record(time);
    }
}
