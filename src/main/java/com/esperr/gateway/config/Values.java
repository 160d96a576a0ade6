package com.esperr.gateway.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Views of one HOCON value. Stateless. */
final class Values {
    private Values() {}

    /** The value, unless it is absent or null. */
    static @Nullable ConfigValue present(@Nullable ConfigValue value) {
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    static @Nullable ConfigObject object(@Nullable ConfigValue value) {
        return value instanceof ConfigObject object ? object : null;
    }

    /** A scalar as it was written ({@code 1e3} stays {@code 1e3}); null for objects, lists and null. */
    static @Nullable String text(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING -> (String) value.unwrapped();
            // Only the library's own conversion still has the spelling of the file.
            case NUMBER, BOOLEAN -> value.atKey("v").getString("v");
            case OBJECT, LIST, NULL -> null;
        };
    }

    /** A value for a message; what is inside a list or object is not shown, it may hold secrets. */
    static String shown(ConfigValue value) {
        String text = text(value);
        if (text != null) {
            return text.isEmpty() ? "\"\"" : text;
        }
        return switch (value.valueType()) {
            case OBJECT -> "{…}";
            case LIST -> "[…]";
            case NULL, STRING, NUMBER, BOOLEAN -> "null";
        };
    }

    /** The elements of a list, or the parts of a comma-separated text; null when it is neither. */
    static @Nullable List<ConfigValue> elements(ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list;
        }
        String text = text(value);
        if (text == null) {
            return null;
        }
        List<ConfigValue> parts = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                parts.add(ConfigValueFactory.fromAnyRef(part.strip()).withOrigin(value.origin()));
            }
        }
        return parts;
    }
}
