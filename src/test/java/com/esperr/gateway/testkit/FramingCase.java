package com.esperr.gateway.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a client and what has to come of them, request by request. Immutable; {@code framing/requests.txt} holds them all.
 *
 * @param name what is odd about it, with the section that says so
 * @param halfClose whether the client sends FIN behind the bytes
 */
public record FramingCase(String name, byte[] bytes, boolean halfClose, List<Outcome> outcomes) {

    /** What has to come of one request. */
    public sealed interface Outcome {}

    /** The origin sees exactly this, and its answer comes back. */
    public record Forwarded(
            String method, String target, String body, List<ExpectedHeader> headers, List<ExpectedHeader> trailers)
            implements Outcome {}

    /** The gateway answers by itself and nothing reaches the origin. */
    public record Answered(Set<Integer> statuses) implements Outcome {}

    /** As answered, and the connection is closed. */
    public record Refused(Set<Integer> statuses) implements Outcome {}

    /** The origin never sees a complete request; one of these or no answer, and the connection is closed. */
    public record Cut(Set<Integer> statuses) implements Outcome {}

    /** No further answer, and the connection is closed. */
    public record Closed() implements Outcome {}

    /** All cases of the table. */
    public static List<FramingCase> all() {
        return CaseFile.read("requests.txt").stream().map(FramingCase::of).toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static FramingCase of(CaseFile.Block block) {
        List<String> lines = block.lines();
        boolean halfClose = lines.get(0).equals("half-close");
        List<Outcome> outcomes = outcomes(halfClose ? lines.subList(1, lines.size()) : lines);
        return new FramingCase(block.name(), block.bytes(), halfClose, outcomes);
    }

    /** What lines from the first {@code =>} on say. */
    static List<Outcome> outcomes(List<String> lines) {
        List<Outcome> outcomes = new ArrayList<>();
        Draft draft = null;
        for (String line : lines) {
            if (line.startsWith("=> ")) {
                flush(draft, outcomes);
                draft = null;
                String[] words = line.substring(3).split(" ");
                if (words[0].equals("forwarded")) {
                    draft = new Draft(words[1], CaseFile.unescape(words[2]));
                } else {
                    outcomes.add(local(words));
                }
            } else if (draft != null) {
                draft.add(line);
            } else {
                throw new IllegalArgumentException("line: " + line + " (expected: an outcome)");
            }
        }
        flush(draft, outcomes);
        return outcomes;
    }

    private static void flush(@Nullable Draft draft, List<Outcome> outcomes) {
        if (draft != null) {
            outcomes.add(draft.forwarded());
        }
    }

    private static Outcome local(String[] words) {
        return switch (words[0]) {
            case "answered" -> new Answered(statuses(words[1]));
            case "refused" -> new Refused(statuses(words[1]));
            case "cut" -> new Cut(statuses(words[1]));
            case "closed" -> new Closed();
            default -> throw new IllegalArgumentException("outcome: " + Arrays.toString(words));
        };
    }

    private static Set<Integer> statuses(String list) {
        Set<Integer> statuses = new TreeSet<>();
        for (String status : list.split(",")) {
            statuses.add(Integer.valueOf(status));
        }
        return statuses;
    }

    /** Collects the lines below a forwarded request. */
    private static final class Draft {
        private final String method;
        private final String target;
        private final List<ExpectedHeader> headers = new ArrayList<>();
        private final List<ExpectedHeader> trailers = new ArrayList<>();
        private String body = "";

        Draft(String method, String target) {
            this.method = CaseFile.unescape(method);
            this.target = target;
        }

        void add(String line) {
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "body" -> body = CaseFile.unescape(words[1]);
                case "has" -> headers.add(ExpectedHeader.has(words[1]));
                case "lacks" -> headers.add(ExpectedHeader.lacks(words[1]));
                case "trailer" -> trailers.add(ExpectedHeader.has(words[1]));
                default -> throw new IllegalArgumentException("expectation: " + line);
            }
        }

        Forwarded forwarded() {
            return new Forwarded(method, target, body, List.copyOf(headers), List.copyOf(trailers));
        }
    }
}
