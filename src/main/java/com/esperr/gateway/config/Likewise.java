package com.esperr.gateway.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Freely named sections that take after another one, such as further origins after the first. Stateless. */
public final class Likewise {
    private Likewise() {}

    /**
     * The members of the object {@code key} of {@code root}, sorted by name. What one leaves out is as in {@code standard}, but
     * for the keys of {@code own}, which are then as in the reference, or missing if that has an empty text.
     */
    public static Map<String, Section> namedSections(Section root, String key, Section standard, Set<String> own) {
        ConfigObject shared = standard.values;
        ConfigObject reference = standard.standards();
        for (String each : own) {
            shared = shared.withoutKey(each);
            ConfigValue value = reference.get(each);
            reference = value != null && "".equals(Values.text(value)) ? reference.withoutKey(each) : reference;
        }
        ConfigObject fallback = shared.withFallback(reference);
        Map<String, Section> sections = new LinkedHashMap<>();
        root.namedSections(key).forEach((name, one) -> sections.put(name, one.over(fallback)));
        return Collections.unmodifiableMap(sections);
    }
}
