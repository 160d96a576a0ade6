package com.esperr.client;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** What the application handed in cannot be sent; nothing has been. Names every problem, not only the first. */
public final class EsperValidationException extends EsperException {
    private static final long serialVersionUID = 1L;

    private final List<Problem> problems;

    EsperValidationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * One value that is not as it should be. Immutable.
     *
     * @param field which one, as the API or the builder names it
     * @param value what it is, shortened; never the API key
     * @param expected what it should have been
     */
    public record Problem(String field, String value, String expected) implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return field + ": " + value + " (expected: " + expected + ")";
        }
    }

    /** All problems, in the order they were found. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public ErrorGroup group() {
        return ErrorGroup.VALIDATION;
    }
}
