package com.esperr.gateway.request;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field as a policy writes it: {@code request_path} or {@code request_header[accept]}. Immutable.
 *
 * @param field which fact
 * @param name the name in brackets, empty for a field without one; header names are lower-case
 */
public record FieldReference(RequestField field, String name) {
    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the field is unknown, or has a name where none belongs, or lacks one
     */
    public static FieldReference parse(String text) {
        int bracket = text.indexOf('[');
        String label = bracket < 0 ? text : text.substring(0, bracket);
        RequestField field = Stream.of(RequestField.values())
                .filter(candidate -> candidate.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown field (expected: one of " + known() + ")"));
        if (bracket < 0) {
            if (field.named()) {
                throw new IllegalArgumentException("field without a name (expected: " + label + "[name])");
            }
            return new FieldReference(field, "");
        }
        if (!field.named() || !text.endsWith("]") || bracket + 2 >= text.length()) {
            throw new IllegalArgumentException(
                    "bad brackets (expected: " + (field.named() ? label + "[name]" : label) + ")");
        }
        String name = text.substring(bracket + 1, text.length() - 1);
        return new FieldReference(field, field == RequestField.REQUEST_HEADER ? name.toLowerCase(Locale.ROOT) : name);
    }

    /** The value for {@code request} as people see it, or null if the request has none. */
    public @Nullable String text(RequestContext request) {
        String value = value(request);
        return switch (field) {
            case REQUEST_HEADER, USER_AGENT, REFERRER -> value == null ? null : HeaderText.decoded(value);
            default -> value;
        };
    }

    /** The value for {@code request} as it was received, or null if the request has none. */
    public @Nullable String value(RequestContext request) {
        return field.read(request, name);
    }

    @Override
    public String toString() {
        return field.named() ? field.label() + '[' + name + ']' : field.label();
    }

    private static String known() {
        return Stream.of(RequestField.values())
                .map(field -> field.named() ? field.label() + "[name]" : field.label())
                .collect(Collectors.joining(", "));
    }
}
