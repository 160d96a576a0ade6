package com.esperr.gateway.policy;

import com.google.re2j.Pattern;
import java.util.function.Predicate;

/**
 * Compiles regular expressions with RE2/J, whose running time is at most the size of the expression times the length of the
 * value. Both are bounded: the size where policies are read, and of a value only so many characters are looked at that no
 * visitor can hold an event loop with a long header. Expressions of up to 30 steps see everything a request can hold, larger
 * ones at least the first {@value #SHORT} characters. Stateless.
 */
final class Regexes {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_SIZE = 1_000;
    private static final int SHORT = 1_024;
    private static final int BUDGET = MAX_SIZE * SHORT;
    private static final String TOO_LARGE = "a smaller regular expression: at most " + MAX_LENGTH + " characters and "
            + MAX_SIZE + " steps, repeats multiplied out";

    private Regexes() {}

    /**
     * Whether the expression is found anywhere in a value.
     *
     * @throws com.google.re2j.PatternSyntaxException if it is none
     * @throws IllegalArgumentException if it is too large
     */
    static Predicate<String> finder(String regex, boolean ignoreCase) {
        Pattern pattern = compile(regex, ignoreCase);
        int seen = BUDGET / Math.max(1, pattern.programSize());
        return value -> pattern.matcher(value.length() <= seen ? value : value.substring(0, seen))
                .find();
    }

    private static Pattern compile(String regex, boolean ignoreCase) {
        if (regex.length() > MAX_LENGTH || RepeatSize.of(regex) > MAX_SIZE) {
            throw new IllegalArgumentException(TOO_LARGE);
        }
        Pattern pattern = Pattern.compile(regex, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        if (pattern.programSize() > MAX_SIZE) {
            throw new IllegalArgumentException(TOO_LARGE);
        }
        return pattern;
    }
}
