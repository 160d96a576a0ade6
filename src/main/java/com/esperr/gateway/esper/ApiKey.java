package com.esperr.gateway.esper;

import java.util.regex.Pattern;

/**
 * The tenant's secret. Immutable; its text leaves this package only in the header that carries it, and never through
 * {@link #toString()}.
 */
public final class ApiKey {
    /** No key at all. */
    public static final ApiKey NONE = new ApiKey("");

    private static final Pattern FORM = Pattern.compile("[!-~]{1,1024}");
    private static final String MASK = "***";

    private final String text;
    private final Pattern anyCase;

    private ApiKey(String text) {
        this.text = text;
        this.anyCase = Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE);
    }

    /**
     * Reads a key; white space around it, such as the line end of a file, is dropped.
     *
     * @throws IllegalArgumentException if it could not stand in a header; the message does not repeat it
     */
    static ApiKey parse(String text) {
        String key = text.strip();
        if (!FORM.matcher(key).matches()) {
            throw new IllegalArgumentException("key: not shown (expected: 1 to 1024 visible ASCII characters)");
        }
        return new ApiKey(key);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** {@code other} with every occurrence of the key, in any case, masked. */
    public String maskedIn(String other) {
        return isEmpty() ? other : anyCase.matcher(other).replaceAll(MASK);
    }

    String text() {
        return text;
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : MASK;
    }
}
