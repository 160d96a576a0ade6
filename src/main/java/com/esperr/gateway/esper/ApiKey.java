package com.esperr.gateway.esper;

import java.nio.charset.StandardCharsets;
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
    private static final int EXCERPT = 256;

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

    /** The beginning of what a service answered, at most {@value #EXCERPT} characters: legible, and without the key in any case. */
    public String excerpt(byte[] body) {
        String text = maskedIn(new String(body, StandardCharsets.ISO_8859_1));
        StringBuilder plain = new StringBuilder(EXCERPT);
        for (int i = 0; i < text.length() && i < EXCERPT; i++) {
            char c = text.charAt(i);
            plain.append(c >= ' ' && c < 0x7f ? c : '.');
        }
        return plain.toString();
    }

    /** {@code other} with every occurrence of the key, in any case, masked. */
    String maskedIn(String other) {
        return isEmpty() ? other : anyCase.matcher(other).replaceAll(MASK);
    }

    String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKey key && text.equals(key.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : MASK;
    }
}
