package com.esperr.gateway.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What some meters of the catalogue said at one moment, for people rather than for Prometheus. Immutable. */
public final class Figures {
    private final Map<MeterName, List<Sample>> samples = new EnumMap<>(MeterName.class);
    private final Map<MeterName, Distribution> distributions = new EnumMap<>(MeterName.class);

    /**
     * One number.
     *
     * @param labels the values in the order of {@link MeterName#labels}
     */
    public record Sample(List<String> labels, double value) {}

    Figures(Collection<Meter> meters, Set<MeterName> wanted) {
        Map<String, MeterName> byName = new HashMap<>();
        wanted.forEach(name -> byName.put(name.exposed(), name));
        for (Meter meter : meters) {
            MeterName name = byName.get(meter.getId().getName());
            if (name != null && meter instanceof Timer timer) {
                distributions.merge(name, distribution(timer.takeSnapshot()), Distribution::plus);
            } else if (name != null) {
                samples.computeIfAbsent(name, each -> new ArrayList<>()).add(sample(name, meter));
            }
        }
    }

    private static Sample sample(MeterName name, Meter meter) {
        List<String> labels = new ArrayList<>();
        for (String label : name.labels()) {
            labels.add(String.valueOf(meter.getId().getTag(label)));
        }
        double value = 0;
        if (meter instanceof Counter counter) {
            value = counter.count();
        } else if (meter instanceof FunctionCounter counter) {
            value = counter.count();
        } else if (meter instanceof Gauge gauge) {
            value = gauge.value();
        }
        return new Sample(List.copyOf(labels), value);
    }

    private static Distribution distribution(HistogramSnapshot snapshot) {
        CountAtBucket[] buckets = snapshot.histogramCounts();
        List<Double> bounds = new ArrayList<>();
        long[] counts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            bounds.add(buckets[i].bucket(TimeUnit.SECONDS));
            counts[i] = (long) buckets[i].count();
        }
        return new Distribution(bounds, counts, snapshot.count());
    }

    /** What is known under {@code name}; empty if nothing is. */
    public List<Sample> samples(MeterName name) {
        return samples.getOrDefault(name, List.of());
    }

    /** The sum of what is known under {@code name}. */
    public double sum(MeterName name) {
        return samples(name).stream().mapToDouble(Sample::value).sum();
    }

    /** The sum of those of which the label at {@code index} is {@code value}. */
    public double sum(MeterName name, int index, String value) {
        return samples(name).stream()
                .filter(sample -> sample.labels().get(index).equals(value))
                .mapToDouble(Sample::value)
                .sum();
    }

    /** How long things took that are timed under {@code name}, whatever their labels. */
    public Distribution distribution(MeterName name) {
        return distributions.getOrDefault(name, Distribution.NONE);
    }
}
