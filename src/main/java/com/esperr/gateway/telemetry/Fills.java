package com.esperr.gateway.telemetry;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Shows how full everything is that is bounded: four numbers for each name of the catalogue, whoever has something of that name.
 * Thread-safe. Some owners stay, others are replaced with the configuration; no count falls for that.
 */
final class Fills {
    private final Metrics metrics;
    private final Map<Bounded, List<Fill>> lasting = new ConcurrentHashMap<>();
    private final Map<Bounded, Long> carried = new ConcurrentHashMap<>();
    private volatile List<Fill> passing = List.of();

    Fills(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Shows {@code fill} from now on. */
    void add(Fill fill) {
        of(fill.what()).add(fill);
    }

    /** Shows {@code now} besides, in place of those of before. */
    synchronized void replace(List<Fill> now) {
        List<Fill> before = passing;
        Set<Bounded> names = EnumSet.noneOf(Bounded.class);
        before.forEach(fill -> names.add(fill.what()));
        for (Bounded what : names) {
            long fallen = dropped(before, what) - dropped(now, what);
            if (fallen > 0) {
                carried.merge(what, fallen, Long::sum);
            }
        }
        passing = now;
        now.forEach(fill -> of(fill.what()));
    }

    private static long dropped(List<Fill> fills, Bounded what) {
        return fills.stream()
                .filter(fill -> fill.what() == what)
                .mapToLong(Fill::dropped)
                .sum();
    }

    private List<Fill> of(Bounded what) {
        return lasting.computeIfAbsent(what, this::show);
    }

    private List<Fill> show(Bounded what) {
        List<Fill> parts = new CopyOnWriteArrayList<>();
        Fill all = Fill.over(what, () -> with(parts, what), () -> carried.getOrDefault(what, 0L));
        metrics.gauge(MeterName.FILL_ENTRIES, all::entries, what.label());
        metrics.gauge(MeterName.FILL_CAPACITY, all::capacity, what.label());
        metrics.gauge(MeterName.FILL_RATIO, all::ratio, what.label());
        metrics.counter(MeterName.FILL_DROPPED, all::dropped, what.label());
        return parts;
    }

    private List<Fill> with(List<Fill> parts, Bounded what) {
        List<Fill> all = new ArrayList<>(parts);
        for (Fill fill : passing) {
            if (fill.what() == what) {
                all.add(fill);
            }
        }
        return all;
    }
}
