package com.esperr.gateway.esper;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts by name, of which several may have the same; confined to one thread. JSON has room for one of each. */
final class NamedTexts {
    private final Repeated repeated;
    private final Map<String, String> texts;

    NamedTexts(Repeated repeated, int expected) {
        this.repeated = repeated;
        this.texts = expected == 0 ? Map.of() : new LinkedHashMap<>(Math.min(64, expected * 2));
    }

    void add(String name, String text) {
        String known = texts.putIfAbsent(name, text);
        if (known == null) {
            return;
        }
        switch (repeated) {
            case FIRST -> {}
            case LAST -> texts.put(name, text);
            case JOIN -> texts.put(name, known + Repeated.SEPARATOR + text);
        }
    }

    void write(JsonGenerator out) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
    }
}
