package com.esperr.gateway.esper;

import com.esperr.gateway.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A list of names that may be sent: exact ones, beginnings ({@code sec-*}) or all ({@code *}), less the ones that never
 * are. Immutable.
 */
public final class NameFilter {
    private final List<String> exact;
    private final List<String> prefixes;
    private final Set<String> never;

    private NameFilter(List<String> exact, List<String> prefixes, Set<String> never) {
        this.exact = exact;
        this.prefixes = prefixes;
        this.never = never;
    }

    /** A filter of names as written, where case counts. */
    static NameFilter of(List<String> names, Set<String> never) {
        List<String> exact = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (String name : names) {
            if (name.endsWith("*")) {
                prefixes.add(name.substring(0, name.length() - 1));
            } else {
                exact.add(name);
            }
        }
        return new NameFilter(List.copyOf(exact), List.copyOf(prefixes), Set.copyOf(never));
    }

    /** A filter of header names, where case does not count. */
    static NameFilter ofHeaders(List<String> names, Set<String> never) {
        return of(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), never);
    }

    boolean isEmpty() {
        return exact.isEmpty() && prefixes.isEmpty();
    }

    boolean accepts(String name) {
        if (never.contains(name)) {
            return false;
        }
        if (exact.contains(name)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** The lower-case name of line {@code i} if it may be sent, else an empty text; mostly without making a String. */
    String accepted(Fields fields, int i) {
        for (String name : exact) {
            if (fields.nameEquals(i, name)) {
                return never.contains(name) ? "" : name;
            }
        }
        for (String prefix : prefixes) {
            if (fields.nameStartsWith(i, prefix)) {
                String name = fields.name(i).toLowerCase(Locale.ROOT);
                return never.contains(name) ? "" : name;
            }
        }
        return "";
    }
}
