package com.esperr.gateway.esper;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are looked for in an answer, as a tree that a streaming parser walks along. Immutable once built; names
 * are in lower case.
 */
final class KeyTree {
    /** What a key holds. */
    enum Slot {
        ACTION,
        REDIRECT_URL,
        DECISION_ID,
        REASON
    }

    private final Map<String, KeyTree> children = new HashMap<>();
    private @Nullable Slot slot;
    private int rank;
    private boolean leadsToAction;

    private KeyTree() {}

    static KeyTree of(AnswerKeys keys) {
        KeyTree root = new KeyTree();
        root.addAll(Slot.ACTION, keys.action());
        root.addAll(Slot.REDIRECT_URL, keys.redirectUrl());
        root.addAll(Slot.DECISION_ID, keys.decisionId());
        root.addAll(Slot.REASON, keys.reason());
        return root;
    }

    @Nullable
    KeyTree child(String name) {
        return children.get(name.toLowerCase(Locale.ROOT));
    }

    boolean hasChildren() {
        return !children.isEmpty();
    }

    /** What this key itself holds, or null if it only leads deeper. */
    @Nullable
    Slot slot() {
        return slot;
    }

    /** Its place in the order of precedence, from 0. */
    int rank() {
        return rank;
    }

    /** Whether the action may be here or below. */
    boolean leadsToAction() {
        return leadsToAction;
    }

    private void addAll(Slot what, List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            KeyTree node = this;
            for (String name : paths.get(i).toLowerCase(Locale.ROOT).split("\\.", -1)) {
                node = node.children.computeIfAbsent(name, unknown -> new KeyTree());
                node.leadsToAction |= what == Slot.ACTION;
            }
            if (node.slot == null) {
                node.slot = what;
                node.rank = i;
            }
        }
    }
}
