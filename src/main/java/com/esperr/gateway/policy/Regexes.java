package com.esperr.gateway.policy;

import com.google.re2j.Pattern;

/**
 * Compiles regular expressions with RE2/J, whose running time grows with the length of the value and never explodes.
 * Bounded in size, because that time also grows with the expression, and repeats of repeats are large. Stateless.
 */
final class Regexes {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_PROGRAM = 5_000;
    private static final String TOO_LARGE = "a smaller regular expression: at most " + MAX_LENGTH + " characters and "
            + MAX_PROGRAM + " steps, repeats multiplied out";

    private Regexes() {}

    /**
     * The compiled expression.
     *
     * @throws com.google.re2j.PatternSyntaxException if it is none
     * @throws IllegalArgumentException if it is too large
     */
    static Pattern compile(String regex, boolean ignoreCase) {
        if (regex.length() > MAX_LENGTH || RepeatSize.of(regex) > MAX_PROGRAM) {
            throw new IllegalArgumentException(TOO_LARGE);
        }
        Pattern pattern = Pattern.compile(regex, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        if (pattern.programSize() > MAX_PROGRAM) {
            throw new IllegalArgumentException(TOO_LARGE);
        }
        return pattern;
    }
}
