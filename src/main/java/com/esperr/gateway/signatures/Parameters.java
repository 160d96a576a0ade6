package com.esperr.gateway.signatures;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of an item or of a list in a structured field, in the order they were written. Immutable. */
final class Parameters {
    static final Parameters NONE = new Parameters(new LinkedHashMap<>());

    private final Map<String, BareItem> values;

    /** Takes {@code values} over. */
    Parameters(Map<String, BareItem> values) {
        this.values = values;
    }

    Set<String> names() {
        return values.keySet();
    }

    /** The text called {@code name}, or null if there is none, or it is something else. */
    @Nullable
    String text(String name) {
        return values.get(name) instanceof BareItem.Text text ? text.value() : null;
    }

    /** The whole number called {@code name}, or null if there is none, or it is something else. */
    @Nullable
    Long number(String name) {
        return values.get(name) instanceof BareItem.Whole whole ? Long.valueOf(whole.value()) : null;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean isSet(String name) {
        return values.get(name) instanceof BareItem.Truth truth && truth.value();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> {
            text.append(';').append(name);
            if (!value.equals(BareItem.Truth.TRUE)) {
                text.append('=').append(value);
            }
        });
        return text.toString();
    }
}
