package com.esperr.gateway.testkit;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the operator port showed at one moment, by series as they are written: {@code name{label="value",…}}. Immutable.
 */
public final class MetricsSnapshot {
    private final Map<String, Double> series = new TreeMap<>();

    private MetricsSnapshot(String exposition) {
        exposition.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            series.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
        });
    }

    public static MetricsSnapshot of(String exposition) {
        return new MetricsSnapshot(exposition);
    }

    /** The sum of all series of that name that have all these labels, each given as {@code name=value}; 0 if there are none. */
    public double sum(String name, String... labels) {
        return series.entrySet().stream()
                .filter(entry -> isOf(name, entry.getKey()))
                .filter(entry -> Stream.of(labels).allMatch(label -> has(entry.getKey(), label)))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** The series of that name that are not what they were in {@code before}, with the difference. */
    public Map<String, Double> movedSince(MetricsSnapshot before, String name) {
        Map<String, Double> moved = new TreeMap<>();
        series.forEach((key, value) -> {
            double difference = value - before.series.getOrDefault(key, 0.0);
            if (isOf(name, key) && difference != 0) {
                moved.put(key, difference);
            }
        });
        return moved;
    }

    @Override
    public String toString() {
        return series.toString();
    }

    private static boolean isOf(String name, String key) {
        return key.equals(name) || key.startsWith(name + "{");
    }

    private static boolean has(String key, String label) {
        int equals = label.indexOf('=');
        return key.contains(label.substring(0, equals) + "=\"" + label.substring(equals + 1) + '"');
    }
}
