package com.esperr.gateway.beacon;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.esper.Credentials;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of {@code beacon.fields}: a fact that leaves and what is done to it before. Immutable.
 *
 * @param name its name in the event
 * @param reference the fact
 * @param treatment what is done to it
 */
record EventField(String name, FieldReference reference, Treatment treatment) {
    private static final String EXPECTED = "a field and its treatment, e.g. cookie[account] | hash";

    static List<EventField> read(Section section, String key) {
        List<EventField> fields = new ArrayList<>();
        section.entries(key).forEach((name, text) -> {
            try {
                fields.add(parse(name, text));
            } catch (IllegalArgumentException e) {
                section.problem(key, name + " = " + text, EXPECTED + ": " + e.getMessage());
            }
        });
        return List.copyOf(fields);
    }

    static EventField parse(String name, String text) {
        // Behind the last bracket, as a name inside brackets may hold anything.
        int bar = text.indexOf('|', text.lastIndexOf(']') + 1);
        FieldReference reference = FieldReference.parse((bar < 0 ? text : text.substring(0, bar)).strip());
        if (reference.field() == RequestField.BODY) {
            throw new IllegalArgumentException("bodies are not looked into for events");
        }
        Treatment treatment = bar < 0
                ? standard(reference)
                : Treatment.parse(text.substring(bar + 1).strip());
        if (Credentials.told(reference, treatment)) {
            throw new IllegalArgumentException("this is a credential, which can only be hashed");
        }
        return new EventField(name, reference, treatment);
    }

    private static Treatment standard(FieldReference reference) {
        return reference.field() == RequestField.COOKIE ? Treatment.HASH : Treatment.AS_IS;
    }
}
