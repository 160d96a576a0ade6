package com.esperr.gateway.rollout;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.request.RequestContext;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the new policies say differently of the same requests, while they only compare. Thread-safe; rules and samples are bounded. */
final class Differences {
    private static final int MOST_RULES = 200;
    private static final int MOST_SAMPLES = 5;
    private static final int LONGEST_TEXT = 100;

    private final Map<String, Kind> differences = new HashMap<>();

    /**
     * One kind of difference. Immutable.
     *
     * @param count how many requests
     * @param rules of them by policy and clause
     * @param samples the newest of them
     */
    record Difference(long count, Map<String, Long> rules, List<String> samples) {}

    /** Notes {@code request}, if it is one. */
    void compare(RequestContext request, Verdict was, Verdict is) {
        if (was.action() == is.action()) {
            return;
        }
        String label = was.action().label() + " -> " + is.action().label();
        // Whoever takes a measure away is the rule that is not there any more.
        String rule = (is.action() == Action.ALLOW ? was : is).rule();
        String sample = Instant.ofEpochMilli(request.observedAtMillis()) + " " + printable(request.method()) + ' '
                + printable(request.path()) + ' ' + rule + " (" + request.reference() + ')';
        synchronized (differences) {
            differences.computeIfAbsent(label, unknown -> new Kind()).add(rule, sample);
        }
    }

    /** One kind while it is counted. */
    private static final class Kind {
        private final Map<String, Long> rules = new HashMap<>();
        private final Deque<String> samples = new ArrayDeque<>();
        private long count;

        void add(String rule, String sample) {
            count++;
            if (rules.size() < MOST_RULES || rules.containsKey(rule)) {
                rules.merge(rule, 1L, Long::sum);
            }
            samples.addFirst(sample);
            if (samples.size() > MOST_SAMPLES) {
                samples.removeLast();
            }
        }

        Difference copy() {
            return new Difference(count, Map.copyOf(rules), List.copyOf(samples));
        }
    }

    /** By what is said of what was said: {@code allow -> block}. */
    Map<String, Difference> all() {
        Map<String, Difference> copy = new TreeMap<>();
        synchronized (differences) {
            differences.forEach((label, kind) -> copy.put(label, kind.copy()));
        }
        return copy;
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.chars().limit(LONGEST_TEXT).forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return safe.toString();
    }
}
