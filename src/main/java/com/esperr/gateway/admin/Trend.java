package com.esperr.gateway.admin;

import com.esperr.gateway.telemetry.Distribution;
import com.esperr.gateway.telemetry.Figures;
import com.esperr.gateway.telemetry.MeterName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The last ten minutes of the numbers that are drawn as lines: rates since the point before, and latencies over ten seconds at
 * least, as one second says too little about them. Bounded. Confined to the admin thread.
 */
final class Trend {
    /** What there is of each point, in its order. */
    static final List<String> NAMES = List.of(
            "time",
            "requests",
            "allow",
            "challenge",
            "block",
            "failed",
            "total_p50",
            "total_p95",
            "total_p99",
            "decision_p50",
            "decision_p95",
            "decision_p99",
            "origin_p50",
            "origin_p95",
            "origin_p99",
            "events",
            "auth_failures",
            "processing_p95",
            "error_share");

    static final Set<MeterName> READ = EnumSet.of(
            MeterName.REQUESTS,
            MeterName.DECISIONS,
            MeterName.FAILURES,
            MeterName.REQUEST_SECONDS,
            MeterName.DECISION_SECONDS,
            MeterName.UPSTREAM_SECONDS,
            MeterName.BEACON_QUEUED,
            MeterName.SERVER_REQUESTS,
            MeterName.SERVER_SECONDS,
            MeterName.SERVER_EVENTS,
            MeterName.SERVER_AUTH_FAILURES);

    static final int MOST = 700;

    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final double NANOS = 1e9;

    private final Deque<double[]> points = new ArrayDeque<>();
    private final Deque<Read> reads = new ArrayDeque<>();

    /** What was read at one moment. */
    private record Read(long nanos, long millis, Figures figures) {}

    /** Adds what was read at that moment of both clocks; {@code figures} has {@link #READ} at least. */
    void add(Figures figures, long nanos, long millis) {
        Read now = new Read(nanos, millis, figures);
        Read before = reads.peekLast();
        if (before != null && nanos > before.nanos()) {
            // The oldest read that is still in the window, or the one just outside of it.
            while (reads.size() > 1 && nanos - second().nanos() >= WINDOW_NANOS) {
                reads.pollFirst();
            }
            points.add(point(now, before, reads.getFirst()));
            while (points.size() > MOST || millis - points.getFirst()[0] > TimeUnit.NANOSECONDS.toMillis(KEPT_NANOS)) {
                points.pollFirst();
            }
        }
        reads.add(now);
    }

    private Read second() {
        Iterator<Read> first = reads.iterator();
        first.next();
        return first.next();
    }

    private static double[] point(Read now, Read before, Read window) {
        double seconds = (now.nanos() - before.nanos()) / NANOS;
        List<Double> point = new ArrayList<>(NAMES.size());
        point.add((double) now.millis());
        boolean service = !now.figures().samples(MeterName.SERVER_EVENTS).isEmpty();
        MeterName requests = service ? MeterName.SERVER_REQUESTS : MeterName.REQUESTS;
        double asked = grown(now, before, requests) / seconds;
        point.add(asked);
        for (String action : List.of("allow", "challenge", "block")) {
            point.add(grown(now, before, MeterName.DECISIONS, 0, action) / seconds);
        }
        point.add(grown(now, before, MeterName.FAILURES) / seconds);
        for (MeterName phase : List.of(
                service ? MeterName.SERVER_SECONDS : MeterName.REQUEST_SECONDS,
                MeterName.DECISION_SECONDS,
                MeterName.UPSTREAM_SECONDS)) {
            quantiles(point, since(now, window, phase));
        }
        vendor(point, now, before, window, seconds, service);
        return point.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The four numbers that Esper's own dashboard leads with; a gateway's are those of what it sends and asks. */
    private static void vendor(
            List<Double> point, Read now, Read before, Read window, double seconds, boolean service) {
        MeterName events = service ? MeterName.SERVER_EVENTS : MeterName.BEACON_QUEUED;
        point.add(grown(now, before, events) / seconds);
        point.add((service
                        ? grown(now, before, MeterName.SERVER_AUTH_FAILURES)
                        : grown(now, before, MeterName.FAILURES, 1, "decision_unauthorized"))
                / seconds);
        MeterName processing = service ? MeterName.SERVER_SECONDS : MeterName.DECISION_SECONDS;
        point.add(since(now, window, processing).quantile(0.95));
        MeterName requests = service ? MeterName.SERVER_REQUESTS : MeterName.REQUESTS;
        double asked = grown(now, window, requests);
        point.add(asked > 0 ? grown(now, window, requests, 1, "5xx") / asked : Double.NaN);
    }

    private static void quantiles(List<Double> point, Distribution times) {
        point.add(times.quantile(0.5));
        point.add(times.quantile(0.95));
        point.add(times.quantile(0.99));
    }

    private static Distribution since(Read now, Read before, MeterName name) {
        return now.figures().distribution(name).since(before.figures().distribution(name));
    }

    private static double grown(Read now, Read before, MeterName name) {
        return Math.max(0, now.figures().sum(name) - before.figures().sum(name));
    }

    private static double grown(Read now, Read before, MeterName name, int label, String value) {
        return Math.max(
                0, now.figures().sum(name, label, value) - before.figures().sum(name, label, value));
    }

    /** The points, oldest first, each with the numbers of {@link #NAMES}. */
    List<double[]> points() {
        return new ArrayList<>(points);
    }
}
