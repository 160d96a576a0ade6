package com.esperr.gateway.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of texts that is looked for in a value all at once: those the value begins with, ends with, or contains. The last is
 * the automaton of Aho and Corasick, which goes over the value once, whatever the number of texts. Immutable.
 *
 * <p>Compact: nodes are numbered level by level, so the children of one are neighbours and need only the number of the first;
 * only the root, where a search spends most of its time, has a table.
 *
 * @param <V> what a text stands for
 */
final class TextTrie<V> {
    private static final int ROOT = 0;
    private static final int NONE = -1;
    private static final int TABLE = 128;
    // Fewer children are looked through faster than searched.
    private static final int FEW = 8;

    private final char[] labels;
    /** The first child of a node; its last is before the first of the next node. */
    private final int[] children;

    private final int[] table = new int[TABLE];
    private final List<@Nullable V> values;
    /** The node of the longest other text end that is also a beginning: where the search goes on. */
    private final int[] shorter;
    /** The nearest node on that way, itself included, where a text ends. */
    private final int[] ends;

    private TextTrie(List<Node<V>> nodes) {
        int count = nodes.size();
        labels = new char[count];
        children = new int[count + 1];
        values = new ArrayList<>(count);
        shorter = new int[count];
        ends = new int[count];
        int next = 1;
        for (int i = 0; i < count; i++) {
            Node<V> node = nodes.get(i);
            labels[i] = node.label;
            values.add(node.value);
            children[i] = next;
            next += node.children.size();
        }
        children[count] = next;
        for (int c = 0; c < TABLE; c++) {
            table[c] = search(ROOT, (char) c);
        }
        link();
    }

    /** The texts that are the keys of {@code values}; they are not empty. */
    static <V> TextTrie<V> of(Map<String, V> values) {
        Node<V> root = new Node<>('\0');
        values.forEach((text, value) -> {
            Node<V> at = root;
            for (int i = 0; i < text.length(); i++) {
                at = at.children.computeIfAbsent(text.charAt(i), Node::new);
            }
            at.value = value;
        });
        List<Node<V>> levels = new ArrayList<>();
        levels.add(root);
        for (int i = 0; i < levels.size(); i++) {
            levels.addAll(levels.get(i).children.values());
        }
        return new TextTrie<>(levels);
    }

    /** Tells the value of every text with which {@code value} begins. */
    void beginnings(String value, Consumer<? super V> found) {
        int node = ROOT;
        for (int i = 0; i < value.length(); i++) {
            node = child(node, value.charAt(i));
            if (node == NONE) {
                return;
            }
            tell(node, found);
        }
    }

    /** Tells the value of every text that is the end of {@code value}, read backwards. */
    void endings(String value, Consumer<? super V> found) {
        int node = ROOT;
        for (int i = value.length() - 1; i >= 0; i--) {
            node = child(node, value.charAt(i));
            if (node == NONE) {
                return;
            }
            tell(node, found);
        }
    }

    /** Tells the value of every text that {@code value} contains, as often as it does. */
    void parts(String value, Consumer<? super V> found) {
        int node = ROOT;
        for (int i = 0; i < value.length(); i++) {
            node = next(node, value.charAt(i));
            for (int end = ends[node]; end != NONE; end = ends[shorter[end]]) {
                tell(end, found);
            }
        }
    }

    /** Whether {@code value} contains one of the texts. */
    boolean anyPart(String value) {
        int node = ROOT;
        for (int i = 0; i < value.length(); i++) {
            node = next(node, value.charAt(i));
            if (ends[node] != NONE) {
                return true;
            }
        }
        return false;
    }

    private void tell(int node, Consumer<? super V> found) {
        V value = values.get(node);
        if (value != null) {
            found.accept(value);
        }
    }

    /** Where the search goes with one more character: to the longest end of what was read that begins a text. */
    private int next(int from, char c) {
        int node = from;
        int child = child(node, c);
        while (child == NONE && node != ROOT) {
            node = shorter[node];
            child = child(node, c);
        }
        return child == NONE ? ROOT : child;
    }

    private int child(int node, char c) {
        return node == ROOT && c < TABLE ? table[c] : search(node, c);
    }

    private int search(int node, char c) {
        int from = children[node];
        int to = children[node + 1];
        if (to - from > FEW) {
            int at = Arrays.binarySearch(labels, from, to, c);
            return at < 0 ? NONE : at;
        }
        for (int i = from; i < to; i++) {
            if (labels[i] == c) {
                return i;
            }
        }
        return NONE;
    }

    /** Level by level, so that what a node needs is there already. */
    private void link() {
        ends[ROOT] = NONE;
        for (int parent = 0; parent < labels.length; parent++) {
            for (int node = children[parent]; node < children[parent + 1]; node++) {
                shorter[node] = parent == ROOT ? ROOT : next(shorter[parent], labels[node]);
                ends[node] = values.get(node) == null ? ends[shorter[node]] : node;
            }
        }
    }

    private static final class Node<V> {
        private final char label;
        private final Map<Character, Node<V>> children = new TreeMap<>();
        private @Nullable V value;

        Node(char label) {
            this.label = label;
        }
    }
}
