package com.esperr.gateway.policy;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Plain decimal numbers, {@code -12.50}: no exponents, no other digits than 0 to 9, of bounded length, so that a value that
 * a visitor chose is cheap to compare. Stateless.
 */
final class Numbers {
    private static final int MAX_LENGTH = 40;

    private Numbers() {}

    /** The number. */
    static BigDecimal parse(String text) {
        BigDecimal number = parseOrNull(text);
        if (number == null) {
            throw new IllegalArgumentException(text + " (expected: a number)");
        }
        return number;
    }

    /** The number, or null if the text is none. */
    static @Nullable BigDecimal parseOrNull(String text) {
        return isPlain(text) ? new BigDecimal(text) : null;
    }

    private static boolean isPlain(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        int whole = digits(text, at);
        if (whole == at) {
            return false;
        }
        return whole == length
                || (text.charAt(whole) == '.' && whole + 1 < length && digits(text, whole + 1) == length);
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
