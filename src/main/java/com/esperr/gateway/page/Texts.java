package com.esperr.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** What pages say, in every language: the files {@code texts_*.properties}. Immutable. */
final class Texts {
    private final Map<Language, Map<String, String>> all = new EnumMap<>(Language.class);

    private Texts() {}

    /** Reads the files from the class path. */
    static Texts load() {
        Texts texts = new Texts();
        for (Language language : Language.values()) {
            texts.all.put(language, read("texts_" + language.tag() + ".properties"));
        }
        return texts;
    }

    /** All texts of {@code language} by their key. */
    Map<String, String> of(Language language) {
        return all.getOrDefault(language, Map.of());
    }

    private static Map<String, String> read(String resource) {
        try (InputStream in = Texts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + ": missing (expected: beside its class)");
            }
            Properties read = new Properties();
            read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            Map<String, String> texts = new HashMap<>();
            read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
            return Map.copyOf(texts);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
