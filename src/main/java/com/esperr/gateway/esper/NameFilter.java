package com.esperr.gateway.esper;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A list of names that may be sent: exact ones, beginnings ({@code sec-*}) or all ({@code *}), less the ones that never
 * are. Immutable.
 */
public final class NameFilter {
    private final List<String> exact;
    private final List<String> prefixes;
    private final Set<String> never;
    // Those that may be sent of the names that are recognised while a head is parsed.
    private final Set<FieldName> known;

    private NameFilter(List<String> exact, List<String> prefixes, Set<String> never) {
        this.exact = exact;
        this.prefixes = prefixes;
        this.never = never;
        this.known = Stream.of(FieldName.values())
                .filter(name -> accepts(name.text()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FieldName.class)));
    }

    /** A filter of names as written, where case counts. */
    static NameFilter of(List<String> names, Set<String> never) {
        List<String> exact = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (String name : names) {
            if (never.contains(name)) {
                continue;
            }
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

    @Override
    public boolean equals(Object other) {
        return other instanceof NameFilter filter
                && exact.equals(filter.exact)
                && prefixes.equals(filter.prefixes)
                && never.equals(filter.never);
    }

    @Override
    public int hashCode() {
        return Objects.hash(exact, prefixes, never);
    }

    boolean isEmpty() {
        return exact.isEmpty() && prefixes.isEmpty();
    }

    boolean accepts(String name) {
        if (exact.contains(name)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return !never.contains(name);
            }
        }
        return false;
    }

    /** The lower-case name of line {@code i} if it may be sent, else an empty text; mostly without making a String. */
    String accepted(Fields fields, int i) {
        FieldName recognised = fields.known(i);
        if (recognised != null) {
            return known.contains(recognised) ? recognised.text() : "";
        }
        for (String name : exact) {
            if (fields.nameEquals(i, name)) {
                return name;
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
