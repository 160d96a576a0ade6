package com.esperr.gateway.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a query of Prometheus reads, with as much of its grammar as ours need: functions, aggregations, selectors, ranges, numbers
 * and comparisons. Anything else is refused. Immutable.
 *
 * @param series what is read
 * @param grouped labels by which something is grouped
 */
record Query(List<Series> series, Set<String> grouped) {
    private static final Set<String> FUNCTIONS =
            Set.of("sum", "rate", "increase", "histogram_quantile", "topk", "max", "min");
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<by>by\\s*\\((?<labels>[a-z_, ]+)\\))|(?<series>[a-z_]+)(?:\\{(?<matchers>[^}]*)})?(?<range>\\[[0-9]+[smhd]])?"
                    + "|(?<number>[0-9]+(?:\\.[0-9]+)?)|(?<sign>==|>=|<=|[-+*/><(),]))");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=|!=|=~|!~)\"([^\"]*)\"");

    /**
     * A selector.
     *
     * @param name the metric
     * @param matchers label, sign and value of each condition
     * @param range whether it is a range, as functions of change need it
     */
    record Series(String name, List<List<String>> matchers, boolean range) {}

    static Query parse(String text) {
        List<Series> series = new ArrayList<>();
        Set<String> grouped = new java.util.TreeSet<>();
        var token = TOKEN.matcher(text);
        int depth = 0;
        int at = 0;
        String before = "";
        boolean changes = false;
        while (at < text.strip().length()) {
            if (!token.region(at, text.length()).lookingAt()) {
                throw new IllegalArgumentException(text + ": not understood from " + text.substring(at));
            }
            String name = token.group("series");
            String sign = token.group("sign");
            if (token.group("by") != null) {
                Stream.of(token.group("labels").split(",")).map(String::strip).forEach(grouped::add);
            } else if (name != null && FUNCTIONS.contains(name)) {
                changes = name.equals("rate") || name.equals("increase");
            } else if (name != null && !name.equals("and")) {
                boolean range = token.group("range") != null;
                if (range != (changes && before.equals("("))) {
                    throw new IllegalArgumentException(
                            text + ": " + name + " needs a range in rate and increase, and only there");
                }
                series.add(new Series(name, matchers(token.group("matchers")), range));
            } else if (sign != null) {
                depth += sign.equals("(") ? 1 : sign.equals(")") ? -1 : 0;
            }
            if (depth < 0) {
                throw new IllegalArgumentException(text + ": closed too often");
            }
            before = token.group().strip();
            at = token.end();
        }
        if (depth != 0 || series.isEmpty()) {
            throw new IllegalArgumentException(text + ": not closed, or reads nothing");
        }
        return new Query(series, grouped);
    }

    private static List<List<String>> matchers(String text) {
        if (text == null || text.isBlank()) {
            return List.of();
        }
        List<MatchResult> found = MATCHER.matcher(text).results().toList();
        if (found.isEmpty()
                || !MATCHER.matcher(text).replaceAll("").replaceAll("[, ]", "").isEmpty()) {
            throw new IllegalArgumentException(text + ": not conditions");
        }
        return found.stream()
                .map(one -> List.of(one.group(1), one.group(2), one.group(3)))
                .toList();
    }
}
