package com.esperr.gateway.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A strict reader of the Prometheus text format 0.0.4: what it does not understand is an error. */
final class Exposition {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\",?");

    private final Map<String, String> types = new TreeMap<>();
    private final Set<String> helped = new HashSet<>();
    private final List<Sample> samples = new ArrayList<>();

    /** One time series and its value. */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Exposition of(Scrape scrape) {
        return of(new String(scrape.body(), StandardCharsets.UTF_8));
    }

    static Exposition of(String text) {
        Exposition exposition = new Exposition();
        text.lines().forEach(exposition::read);
        return exposition;
    }

    List<Sample> samples() {
        return samples;
    }

    /** The type of each family. */
    Map<String, String> types() {
        return types;
    }

    boolean hasHelp(String family) {
        return helped.contains(family);
    }

    /** The value of the series with exactly these labels, given as name, value, name, value; NaN when there is none. */
    double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(sample -> sample.name.equals(name) && sample.labels.equals(wanted))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private void read(String line) {
        if (line.startsWith("#")) {
            comment(line);
            return;
        }
        Matcher matcher = SAMPLE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("sample: " + line);
        }
        String labels = matcher.group(2);
        String value = matcher.group(3).replace("Inf", "Infinity");
        samples.add(new Sample(matcher.group(1), labels(labels == null ? "" : labels), Double.parseDouble(value)));
    }

    private void comment(String line) {
        Matcher matcher = COMMENT.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("comment: " + line);
        }
        String family = matcher.group(2);
        if (matcher.group(1).equals("HELP")) {
            helped.add(family);
        } else if (types.put(family, matcher.group(3)) != null) {
            throw new AssertionError("two types: " + line);
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = LABEL.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw new AssertionError("labels: " + text);
            }
            labels.put(matcher.group(1), matcher.group(2));
            end = matcher.end();
        }
        return labels;
    }
}
