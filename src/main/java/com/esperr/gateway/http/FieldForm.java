package com.esperr.gateway.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Header lines of which the last ones get a value from answer to answer, and the others are the same in all of them. Values that are as long
 * as those of the answer before, which they nearly always are, are put into a copy of its bytes. Thread-safe.
 */
public final class FieldForm {
    private final Fields fixed;
    private final String[] open;
    private volatile @Nullable Fields last;

    /** A form with the lines {@code fixed}, behind which stands one for each name in {@code open}. */
    public FieldForm(Fields fixed, String... open) {
        this.fixed = fixed;
        this.open = open;
    }

    /**
     * The lines with one of {@code values} for each open name.
     *
     * @throws IllegalArgumentException if there are not as many, or one holds CR, LF, NUL or a character beyond ISO-8859-1
     */
    public Fields filled(String... values) {
        if (values.length != open.length) {
            throw new IllegalArgumentException(values.length + " values (expected: " + open.length + ")");
        }
        Fields before = last;
        return before != null && fit(before, values) ? before.in(copy(before, values)) : written(values);
    }

    /** Whether {@code values} are as long as those in {@code before}, and text that may stand there. */
    private boolean fit(Fields before, String[] values) {
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            int line = fixed.size() + i;
            if (value.length() != before.valueEnd(line) - before.valueStart(line)) {
                return false;
            }
            for (int at = 0; at < value.length(); at++) {
                char c = value.charAt(at);
                if (c < ' ' || c > 255) {
                    return false;
                }
            }
        }
        return true;
    }

    private byte[] copy(Fields before, String[] values) {
        byte[] bytes = Arrays.copyOf(before.block(), before.length());
        for (int i = 0; i < values.length; i++) {
            int start = before.valueStart(fixed.size() + i);
            for (int at = 0; at < values[i].length(); at++) {
                bytes[start + at] = (byte) values[i].charAt(at);
            }
        }
        return bytes;
    }

    private Fields written(String[] values) {
        Fields.Builder lines = Fields.builder(fixed.size() + open.length, fixed.length() + 64 * open.length);
        lines.addAll(fixed);
        for (int i = 0; i < open.length; i++) {
            lines.add(open[i], values[i]);
        }
        Fields written = lines.build();
        last = written;
        return written;
    }
}
