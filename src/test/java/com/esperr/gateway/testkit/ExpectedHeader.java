package com.esperr.gateway.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One expectation on the header fields of a forwarded message. Immutable.
 *
 * @param value the only value it must have; null if any will do
 * @param present whether the field must be there at all
 */
public record ExpectedHeader(String name, @Nullable String value, boolean present) {

    static ExpectedHeader has(String text) {
        String unescaped = CaseFile.unescape(text);
        int colon = unescaped.indexOf(':');
        return colon < 0
                ? new ExpectedHeader(unescaped, null, true)
                : new ExpectedHeader(unescaped.substring(0, colon), Wire.trim(unescaped.substring(colon + 1)), true);
    }

    static ExpectedHeader lacks(String name) {
        return new ExpectedHeader(name, null, false);
    }

    /** What is wrong with these fields, or an empty text. */
    public String problemIn(RawHeaders headers) {
        List<String> values = headers.all(name);
        if (!present) {
            return values.isEmpty() ? "" : name + ": " + values + " (expected: absent)";
        }
        if (value == null) {
            return values.isEmpty() ? name + ": absent (expected: present)" : "";
        }
        return values.equals(List.of(value)) ? "" : name + ": " + values + " (expected: " + value + ")";
    }
}
