package com.esperr.client;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tenant's secret. Immutable; its text goes into the one header that carries it and nowhere else. */
final class ApiKey {
    static final Pattern FORM = Pattern.compile("[!-~]{1,1024}");

    private static final String MASK = "***";

    private final String text;
    private final Pattern anyCase;

    /** The key {@code text}, which matches {@link #FORM}. */
    ApiKey(String text) {
        this.text = text;
        this.anyCase = Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE);
    }

    /** For the header. */
    String text() {
        return text;
    }

    /** {@code other} with every occurrence of the key, in any case, masked. */
    String maskedIn(String other) {
        return anyCase.matcher(other).replaceAll(MASK);
    }

    /** Whether a stack trace of {@code failure} would show the key, because the other side sent it back. */
    boolean isShownBy(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (anyCase.matcher(cause.toString()).find()) {
                return true;
            }
        }
        return false;
    }

    /** The start of {@code other}, masked and printable, in at most {@code bytes} bytes of UTF-8. */
    String start(String other, int bytes) {
        // Masked before it is cut, lest half a key remain.
        String safe = Printable.of(maskedIn(other));
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        CharBuffer left = CharBuffer.wrap(safe);
        encoder.encode(left, ByteBuffer.allocate(bytes), /* endOfInput= */ true);
        return safe.substring(0, left.position());
    }

    @Override
    public String toString() {
        return MASK;
    }
}
