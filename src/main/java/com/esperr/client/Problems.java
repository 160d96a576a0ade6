package com.esperr.client;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a value, so that all of it can be said at once; confined to one thread. */
final class Problems {
    static final String MISSING = "missing";

    private static final int LONGEST_SHOWN = 64;

    private final List<EsperValidationException.Problem> found = new ArrayList<>();

    /** Notes one problem; {@code value} is shortened and made printable. */
    void add(String field, @Nullable String value, String expected) {
        found.add(new EsperValidationException.Problem(field, value == null ? MISSING : shown(value), expected));
    }

    /** Notes a problem unless {@code value} matches. */
    void expect(String field, @Nullable String value, Pattern form, String expected) {
        if (value == null || !form.matcher(value).matches()) {
            add(field, value, expected);
        }
    }

    /** Notes a problem if there is a value that is empty. */
    void expectNotEmpty(String field, @Nullable String value) {
        if (value != null && value.isBlank()) {
            add(field, "empty", "a text");
        }
    }

    /** Refuses the value if there are problems. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new EsperValidationException(found);
        }
    }

    private static String shown(String value) {
        String start = value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…";
        return Printable.of(start);
    }
}
