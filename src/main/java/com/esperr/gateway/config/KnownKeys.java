package com.esperr.gateway.config;

import com.typesafe.config.ConfigObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that exist, as a tree: those of the reference, and those that were read in lists and freely named objects.
 * Confined to the thread that reads the configuration.
 */
final class KnownKeys {
    private final Map<String, KnownKeys> children = new TreeMap<>();
    private @Nullable KnownKeys each;
    private boolean whole;

    static KnownKeys of(ConfigObject reference) {
        KnownKeys keys = new KnownKeys();
        reference.forEach((key, value) -> {
            ConfigObject object = Values.object(value);
            keys.children.put(key, object == null ? new KnownKeys() : of(object));
        });
        return keys;
    }

    Map<String, KnownKeys> children() {
        return children;
    }

    /** The node of a key, which is known from now on. */
    KnownKeys child(String key) {
        return children.computeIfAbsent(key, name -> new KnownKeys());
    }

    /** The one node that stands for all elements of a list or all members of a freely named object. */
    KnownKeys each() {
        if (each == null) {
            each = new KnownKeys();
        }
        return each;
    }

    @Nullable
    KnownKeys elements() {
        return each;
    }

    void markWhole() {
        whole = true;
    }

    /** Whether nothing below can be unknown: a leaf, or a tree that was taken as it is. */
    boolean isWhole() {
        return whole || (children.isEmpty() && each == null);
    }

    /** The node below, or null when the key is unknown. */
    @Nullable
    KnownKeys below(String key) {
        return each != null ? each : children.get(key);
    }
}
