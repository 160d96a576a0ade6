package com.esperr.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of a request in the order in which they came, read as origins read them (RFC 6265 5.4 and its servers): pairs between
 * semicolons, over all header lines, blanks around names and values dropped, values otherwise untouched. A pair without {@code =} or
 * without name is no cookie. One name can occur several times, for instance when a sibling domain plants a cookie. Immutable.
 *
 * <p>At most {@value #MAX_COOKIES} cookies are kept; {@link #truncated} tells when there were more.
 */
public final class Cookies {

    static final int MAX_COOKIES = 512;

    private static final Cookies EMPTY = new Cookies(List.of(), /* truncated= */ false);

    /** Names and values in turn. */
    private final List<String> pairs;

    private final boolean truncated;

    private Cookies(List<String> pairs, boolean truncated) {
        this.pairs = pairs;
        this.truncated = truncated;
    }

    /** The cookies of the given {@code Cookie} lines. */
    public static Cookies parse(List<String> lines) {
        return parse(lines, MAX_COOKIES);
    }

    /** The cookies that were told by name, then those of the given {@code Cookie} lines. */
    public static Cookies of(Map<String, String> told, List<String> lines) {
        if (told.isEmpty()) {
            return parse(lines);
        }
        List<String> pairs = new ArrayList<>();
        told.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        int room = MAX_COOKIES - told.size();
        Cookies more = parse(lines, Math.max(0, room));
        pairs.addAll(more.pairs);
        return new Cookies(pairs, more.truncated || room < 0);
    }

    /** The first {@code limit} cookies of the given lines. */
    static Cookies parse(List<String> lines, int limit) {
        if (lines.isEmpty()) {
            return EMPTY;
        }
        List<String> pairs = new ArrayList<>();
        for (String line : lines) {
            int start = 0;
            while (start < line.length()) {
                int semicolon = line.indexOf(';', start);
                int end = semicolon < 0 ? line.length() : semicolon;
                int equals = line.indexOf('=', start);
                if (equals >= 0 && equals < end) {
                    String name = trimmed(line, start, equals);
                    if (!name.isEmpty() && pairs.size() == 2 * limit) {
                        return new Cookies(pairs, /* truncated= */ true);
                    }
                    if (!name.isEmpty()) {
                        pairs.add(name);
                        pairs.add(trimmed(line, equals + 1, end));
                    }
                }
                start = end + 1;
            }
        }
        return new Cookies(pairs, /* truncated= */ false);
    }

    public int size() {
        return pairs.size() / 2;
    }

    /** Whether cookies beyond the bound were left out. */
    public boolean truncated() {
        return truncated;
    }

    /** The name of cookie {@code i}. */
    public String name(int i) {
        return pairs.get(2 * i);
    }

    /** The value of cookie {@code i}, as it came. */
    public String value(int i) {
        return pairs.get(2 * i + 1);
    }

    /** The first value of {@code name}, or null. Names are case-sensitive. */
    public @Nullable String first(String name) {
        for (int i = 0; i < size(); i++) {
            if (name(i).equals(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** The last value of {@code name}, or null. */
    public @Nullable String last(String name) {
        for (int i = size() - 1; i >= 0; i--) {
            if (name(i).equals(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** Every value of {@code name}, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < size(); i++) {
            if (name(i).equals(name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    private static String trimmed(String line, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(line.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
