package com.esperr.gateway.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds keys that nobody reads, each with the known key that was probably meant. Only the topmost key of an unknown tree
 * is reported, and never its value, which may be a secret under a misspelled name. Confined to the thread that reads the
 * configuration.
 */
final class UnknownKeys {
    private static final String NO_IDEA = "one of the documented keys";

    private final List<Problem> problems = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();

    private UnknownKeys(KnownKeys known) {
        flatten(known, "");
    }

    static List<Problem> in(ConfigObject root, KnownKeys known) {
        UnknownKeys search = new UnknownKeys(known);
        search.walk(root, known, "");
        return search.problems;
    }

    private void walk(ConfigObject object, KnownKeys known, String path) {
        object.forEach((key, value) -> {
            String at = Keys.join(path, key);
            KnownKeys below = known.below(key);
            if (below == null) {
                report(at, value, path, known);
            } else if (!below.isWhole()) {
                descend(value, below, at);
            }
        });
    }

    private void descend(ConfigValue value, KnownKeys known, String path) {
        if (value instanceof ConfigObject object) {
            walk(object, known, path);
            return;
        }
        KnownKeys each = known.elements();
        if (value instanceof ConfigList list && each != null && !each.isWhole()) {
            for (int i = 0; i < list.size(); i++) {
                descend(list.get(i), each, Keys.item(path, i));
            }
        }
    }

    private void report(String at, ConfigValue value, String path, KnownKeys siblings) {
        List<String> candidates = new ArrayList<>();
        siblings.children().keySet().forEach(key -> candidates.add(Keys.join(path, key)));
        candidates.addAll(paths);
        // The objects around a key are never what was meant by it.
        candidates.removeIf(candidate -> at.startsWith(candidate + "."));
        String nearest = Nearest.of(at, candidates);
        String hint = nearest == null ? NO_IDEA : "did you mean " + nearest + "?";
        problems.add(new Problem(Location.of(value.origin()).toString(), at, "unknown key", hint));
    }

    private void flatten(KnownKeys known, String path) {
        for (Map.Entry<String, KnownKeys> child : known.children().entrySet()) {
            String at = Keys.join(path, child.getKey());
            paths.add(at);
            flatten(child.getValue(), at);
        }
    }
}
