package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Every key of a reference in the order of the file, with its default, the comments above it and its environment
 * variable: what documentation and the tests that compare documentation iterate. Immutable.
 */
public final class KeyCatalogue {
    private static final ConfigRenderOptions JSON = ConfigRenderOptions.concise();

    /** One key; the standard value of a list or object is JSON, of anything else the text. */
    public record Entry(String key, String standard, List<String> comments, String environmentName) {}

    private record Placed(Location place, Entry entry) {}

    private final List<Entry> entries;

    private KeyCatalogue(List<Entry> entries) {
        this.entries = entries;
    }

    /** The catalogue of the product's own reference. */
    public static KeyCatalogue ofReference() {
        return of(ConfigSource.standardReference());
    }

    /** The catalogue of any configuration that resolves by itself. */
    public static KeyCatalogue of(Config reference) {
        List<Placed> found = new ArrayList<>();
        walk("", reference.root(), (key, value) -> found.add(placed(key, value)));
        found.sort(Comparator.comparing(Placed::place).thenComparing(placed -> placed.entry.key));
        return new KeyCatalogue(found.stream().map(Placed::entry).toList());
    }

    /** The keys alone, in no order. */
    static List<String> keys(Config reference) {
        List<String> keys = new ArrayList<>();
        walk("", reference.root(), (key, value) -> keys.add(key));
        return keys;
    }

    /** All keys, in the order of the file. */
    public List<Entry> entries() {
        return entries;
    }

    /** What another file says differently, one line a key: missing keys, other defaults, keys that do not exist. */
    public List<String> differences(KeyCatalogue other) {
        Map<String, String> others = new TreeMap<>();
        other.entries.forEach(entry -> others.put(entry.key, entry.standard));
        List<String> differences = new ArrayList<>();
        for (Entry entry : entries) {
            String standard = others.remove(entry.key);
            if (standard == null) {
                differences.add(entry.key + ": missing (expected: " + entry.standard + ")");
            } else if (!standard.equals(entry.standard)) {
                differences.add(entry.key + ": " + standard + " (expected: " + entry.standard + ")");
            }
        }
        others.forEach((key, standard) -> differences.add(key + ": " + standard + " (expected: no such key)"));
        return differences;
    }

    /** Environment variables that would set more than one key, with those keys; empty when the naming is sound. */
    public Map<String, Set<String>> collisions(List<Alias> aliases) {
        Map<String, Set<String>> keys = new HashMap<>();
        for (Entry entry : entries) {
            keys.computeIfAbsent(entry.environmentName, name -> new TreeSet<>()).add(entry.key);
        }
        for (Alias alias : aliases) {
            keys.computeIfAbsent(alias.name(), name -> new TreeSet<>()).add(alias.path());
        }
        keys.values().removeIf(paths -> paths.size() < 2);
        return new TreeMap<>(keys);
    }

    private static void walk(String path, ConfigObject object, BiConsumer<String, ConfigValue> leaves) {
        object.forEach((key, value) -> {
            String at = Keys.join(path, key);
            if (value instanceof ConfigObject nested && !nested.isEmpty()) {
                walk(at, nested, leaves);
            } else {
                leaves.accept(at, value);
            }
        });
    }

    private static Placed placed(String key, ConfigValue value) {
        List<String> comments =
                value.origin().comments().stream().map(String::strip).toList();
        Entry entry = new Entry(key, rendered(value), comments, Keys.environmentName(key));
        return new Placed(Location.of(value.origin()), entry);
    }

    private static String rendered(ConfigValue value) {
        String text = Values.text(value);
        return text == null ? value.render(JSON) : text;
    }
}
