package com.esperr.gateway.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** The upper bounds of the histograms, fixed so that graphs of different gateways can be added. Immutable. */
final class Buckets {
    /** For whole requests and for the origin: half a millisecond to a minute. */
    static final List<Duration> REQUEST = micros(
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000,
            30_000_000,
            60_000_000);

    /** For decisions: the embedded engine's microseconds to the end of any budget. */
    static final List<Duration> DECISION = micros(
            5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
            1_000_000);

    private Buckets() {}

    private static List<Duration> micros(long... bounds) {
        return LongStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(bound * 1000))
                .toList();
    }
}
