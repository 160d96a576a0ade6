package com.esperr.gateway.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What two configurations do not agree on, by key; a list is one key. Stateless. */
final class Changes {
    private Changes() {}

    /** The keys, in order. */
    static List<String> between(Config before, Config after) {
        List<String> paths = new ArrayList<>();
        compare("", before.root(), after.root(), paths);
        return List.copyOf(paths);
    }

    /** {@code after}, but with those of its changed keys that {@code fixed} names as they were {@code before}. */
    static Config keeping(Config before, Config after, Predicate<String> fixed) {
        Config kept = after;
        for (String path : between(before, after)) {
            if (fixed.test(path)) {
                kept = before.hasPathOrNull(path)
                        ? kept.withValue(path, before.root().toConfig().getValue(path))
                        : without(kept, before, path);
            }
        }
        return kept;
    }

    /** Without that key, and without the sections above it that were not there before and have nothing left. */
    private static Config without(Config all, Config before, String path) {
        Config left = all.withoutPath(path);
        List<String> names = ConfigUtil.splitPath(path);
        for (int length = names.size() - 1; length > 0; length--) {
            String above = ConfigUtil.joinPath(names.subList(0, length));
            boolean empty =
                    left.hasPath(above) && left.getValue(above) instanceof ConfigObject object && object.isEmpty();
            if (!empty || before.hasPathOrNull(above)) {
                break;
            }
            left = left.withoutPath(above);
        }
        return left;
    }

    private static void compare(
            String path, @Nullable ConfigValue before, @Nullable ConfigValue after, List<String> paths) {
        boolean objects = before instanceof ConfigObject || after instanceof ConfigObject;
        if (!objects || !(isObject(before) && isObject(after))) {
            if (!Objects.equals(before, after)) {
                paths.add(path);
            }
            return;
        }
        ConfigObject one = object(before);
        ConfigObject other = object(after);
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        for (String key : keys) {
            compare(Keys.join(path, key), one.get(key), other.get(key), paths);
        }
    }

    private static boolean isObject(@Nullable ConfigValue value) {
        return value == null || value instanceof ConfigObject;
    }

    private static ConfigObject object(@Nullable ConfigValue value) {
        return value instanceof ConfigObject object
                ? object
                : ConfigFactory.empty().root();
    }
}
