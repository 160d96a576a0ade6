package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of one kind by name, over all files and with those that are always there; notes names that are taken twice
 * or unknown. Confined to the thread that compiles.
 */
final class Names<T> {
    private static final int MAX_SHOWN = 12;

    private final Map<String, T> byName = new LinkedHashMap<>();
    private final String kind;
    private final Function<T, Written> name;
    private final List<Problem> problems;

    /**
     * No names yet.
     *
     * @param kind what is named, for messages: {@code an action}
     * @param problems where to note what is wrong
     */
    Names(String kind, Function<T, Written> name, List<Problem> problems) {
        this.kind = kind;
        this.name = name;
        this.problems = problems;
    }

    /** These and {@code definitions}. */
    Names<T> with(List<T> definitions) {
        for (T definition : definitions) {
            Written written = name.apply(definition);
            T earlier = byName.putIfAbsent(written.text(), definition);
            if (earlier != null && !written.text().isEmpty()) {
                problems.add(written.problem(
                        "a name of its own; taken by " + name.apply(earlier).place()));
            }
        }
        return this;
    }

    /** The definition, or null after noting that there is none. */
    @Nullable
    T find(Written wanted) {
        T found = byName.get(wanted.text());
        if (found == null && !wanted.text().isEmpty()) {
            problems.add(wanted.problem(byName.isEmpty() ? kind + " that a file defines" : kind + ": " + known()));
        }
        return found;
    }

    /** All definitions, in the order in which they were added. */
    List<T> all() {
        return List.copyOf(byName.values());
    }

    private String known() {
        String shown = byName.keySet().stream()
                .filter(text -> !text.isEmpty())
                .limit(MAX_SHOWN)
                .collect(Collectors.joining(", "));
        return byName.size() > MAX_SHOWN ? shown + "…" : shown;
    }
}
