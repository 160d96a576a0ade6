package com.esperr.gateway.replay;

import com.esperr.gateway.decision.Action;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All requests about which one thing was said and another is. Confined to one thread until it is read. */
public final class Difference {
    /** So many visitors and rules are told apart; all others count in the sum only. */
    private static final int MOST_NAMES = 10_000;

    private static final int LONGEST_TEXT = 100;

    private final Action before;
    private final Action after;
    private final int mostSamples;
    private final Map<String, Long> rules = new HashMap<>();
    private final Map<String, Long> visitors = new HashMap<>();
    private final TreeMap<Long, String> samples = new TreeMap<>();
    private long count;

    Difference(Action before, Action after, int mostSamples) {
        this.before = before;
        this.after = after;
        this.mostSamples = mostSamples;
    }

    /** @param sequence the place of {@code request} among all */
    void add(long sequence, Recorded request, Recorded.Said was, Recorded.Said is) {
        count++;
        // Whoever takes a mitigation away is the rule that is not there any more.
        count(rules, is.action() == Action.ALLOW ? was.rule() : is.rule());
        String visitor = printable(request.client()) + ' ' + printable(request.userAgent());
        count(visitors, visitor);
        if (samples.size() < mostSamples) {
            String reference = request.reference();
            samples.put(
                    sequence,
                    Instant.ofEpochMilli(request.atMillis()) + " " + request.method() + ' ' + printable(request.path())
                            + ' ' + visitor + (reference == null ? "" : " (" + reference + ')'));
        }
    }

    /** Adds what another one of the same kind has found. */
    Difference and(Difference other) {
        count += other.count;
        other.rules.forEach((name, times) -> count(rules, name, times));
        other.visitors.forEach((name, times) -> count(visitors, name, times));
        samples.putAll(other.samples);
        while (samples.size() > mostSamples) {
            samples.pollLastEntry();
        }
        return this;
    }

    private static void count(Map<String, Long> counts, String name) {
        count(counts, name, 1);
    }

    private static void count(Map<String, Long> counts, String name, long times) {
        if (counts.size() < MOST_NAMES || counts.containsKey(name)) {
            counts.merge(name, times, Long::sum);
        }
    }

    /** What is said, of what was said before: {@code allow -> challenge}. */
    public String label() {
        return before.label() + " -> " + after.label();
    }

    /** How many requests there are. */
    public long count() {
        return count;
    }

    /** The policies and clauses that make the difference, the most frequent first. */
    public List<Map.Entry<String, Long>> rules(int most) {
        return top(rules, most);
    }

    /** The visitors whom it concerns, the most frequent first. */
    public List<Map.Entry<String, Long>> visitors(int most) {
        return top(visitors, most);
    }

    /** The first of the requests, for people. */
    public List<String> samples() {
        return List.copyOf(samples.values());
    }

    private static List<Map.Entry<String, Long>> top(Map<String, Long> counts, int most) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What a visitor wrote must not move the cursor of whoever reads it. */
    private static String printable(@Nullable String text) {
        if (text == null) {
            return "-";
        }
        StringBuilder safe = new StringBuilder();
        text.chars().limit(LONGEST_TEXT).forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return safe.toString();
    }
}
