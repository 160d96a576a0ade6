package com.esperr.gateway.config;

import java.util.Comparator;
import java.util.Set;

/**
 * One thing that is wrong with the configuration, ready to be shown to an operator. Immutable; secrets are masked before
 * a problem is made. Sorts by file, line and path.
 *
 * @param place where the value came from: {@code conf/gateway.conf:12}, {@code environment ESPER_MODE}, {@code option --listen}
 * @param path the key, {@code routes[0].path}; empty when the problem is the whole file
 * @param value what was written there
 * @param expectation what would have been right; a question is shown as it is
 */
public record Problem(String place, String path, String value, String expectation) implements Comparable<Problem> {
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing((Problem p) -> Location.parse(p.place))
            .thenComparing(Problem::path)
            .thenComparing(Problem::value)
            .thenComparing(Problem::expectation);

    private static final Set<String> NOTHING = Set.of("\"\"", "***", "missing", "empty", "null");

    @Override
    public int compareTo(Problem other) {
        return BY_PLACE.compare(this, other);
    }

    /** One line: {@code place: path: value (expected: …)}; without the place if nobody but the defaults says it. */
    @Override
    public String toString() {
        String hint = expectation.endsWith("?") ? expectation : "expected: " + expectation;
        if (!path.isEmpty() && place.startsWith(ConfigSource.REFERENCE + ":")) {
            // Whoever reads it has not written that, and does not have the file.
            return path + ": " + (NOTHING.contains(value) ? "not set" : value) + " (" + hint + ")";
        }
        return place + ": " + (path.isEmpty() ? "" : path + ": ") + value + " (" + hint + ")";
    }
}
