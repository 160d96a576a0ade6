package com.esperr.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The maps of a request as they are kept: copied, in order, checked. Stateless. */
final class FieldValues {
    private static final String SCALAR = "a text, a finite number or a boolean";

    private FieldValues() {}

    /** A copy of the {@code fields} of a request or an event. */
    static Map<String, Object> copy(Map<String, Object> fields, Problems problems) {
        Map<String, Object> copy = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (name == null || name.isEmpty()) {
                problems.add("fields", "a field without a name", "names");
            } else if (!isScalar(value)) {
                problems.add("fields." + name, describe(value), SCALAR);
            } else {
                copy.put(name, value);
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static boolean isScalar(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number);
        }
        if (value instanceof Float number) {
            return Float.isFinite(number);
        }
        return value instanceof String || value instanceof Boolean || value instanceof Number;
    }

    private static String describe(Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof Number ? value.toString() : value.getClass().getSimpleName();
    }
}
