package com.esperr.gateway.page;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the places of one page: its own values, and under {@code text-} those texts of a language that it has a place for. A
 * page has places for a few of them, and a flood is answered with a page each. Confined to who makes the page.
 */
final class Values {
    private static final String TEXT = "text-";

    private final Map<String, String> own = new HashMap<>(64);
    private final Map<String, String> texts;
    private final String site;

    Values(Map<String, String> texts, String site) {
        this.texts = texts;
        this.site = site;
        put("site", site);
    }

    void put(String name, String value) {
        own.put(name, value);
    }

    /** The value of that place, or null if there is none. */
    @Nullable
    String get(String name) {
        String value = own.get(name);
        return value != null || !name.startsWith(TEXT) ? value : find(name.substring(TEXT.length()));
    }

    /** The text of that name, empty if there is none. */
    String text(String key) {
        String found = find(key);
        return found == null ? "" : found;
    }

    private @Nullable String find(String key) {
        String text = texts.get(key);
        return text == null ? null : text.replace("{site}", site);
    }
}
