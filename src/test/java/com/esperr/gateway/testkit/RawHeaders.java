package com.esperr.gateway.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one message in the order and spelling of the wire; names compare without case. Immutable.
 */
public record RawHeaders(List<Field> fields) {

    static final RawHeaders NONE = new RawHeaders(List.of());

    /** One header line; the value is without the white space around it. */
    public record Field(String name, String value) {}

    public RawHeaders {
        fields = List.copyOf(fields);
    }

    /** Reads header lines that end in CRLF; what does not look like a header line is described in {@code problems}. */
    static RawHeaders parse(List<String> lines, List<String> problems) {
        List<Field> fields = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                problems.add("header line: " + Wire.escape(line) + " (expected: name: value)");
                continue;
            }
            String name = line.substring(0, colon);
            String value = Wire.trim(line.substring(colon + 1));
            if (!Wire.isToken(name)) {
                problems.add("header name: " + Wire.escape(name) + " (expected: a token)");
            }
            if (value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f)) {
                problems.add("header " + name + ": " + Wire.escape(value) + " (expected: no control bytes)");
            }
            fields.add(new Field(name, value));
        }
        return new RawHeaders(fields);
    }

    /** The first value of that name, or null. */
    public @Nullable String first(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** All values of that name, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The value of a header that must be there exactly once. */
    public String only(String name) {
        List<String> values = all(name);
        if (values.size() != 1) {
            throw new AssertionError(name + ": " + values + " (expected: exactly one line) in " + fields);
        }
        return values.get(0);
    }

    public boolean has(String name) {
        return first(name) != null;
    }

    /** Whether one of the comma-separated members of that header equals the token, without case. */
    public boolean lists(String name, String token) {
        for (String value : all(name)) {
            for (String member : value.split(",", -1)) {
                if (Wire.trim(member).equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }
}
