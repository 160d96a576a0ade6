package com.esperr.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The media types that a client accepts, from its {@code Accept} lines (RFC 9110 12.5.1). A range that does not follow the grammar is
 * left out; parameters other than {@code q} do not matter to us. Immutable.
 */
final class AcceptedTypes {

    /** Browsers send eight at most. Bounds the work on a line of nothing but commas. */
    private static final int MAX_RANGES = 64;

    private final List<Range> ranges;

    private AcceptedTypes(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** The types that the given lines list. */
    static AcceptedTypes parse(List<String> lines) {
        List<Range> ranges = new ArrayList<>();
        for (String line : lines) {
            int start = 0;
            while (start < line.length() && ranges.size() < MAX_RANGES) {
                int end = unquoted(line, ',', start);
                Range range = Range.parse(line.substring(start, end));
                if (range != null) {
                    ranges.add(range);
                }
                start = end + 1;
            }
        }
        return new AcceptedTypes(ranges);
    }

    /**
     * The weight of a type in thousandths, from the most specific range that names it; 0 if none does or it is refused. The range
     * {@code *}{@code /*} names no type: clients send it when they do not care.
     */
    int weight(String type, String subtype) {
        int weight = 0;
        boolean exact = false;
        for (Range range : ranges) {
            boolean sameType = range.type.equals(type);
            if (sameType && range.subtype.equals(subtype)) {
                weight = exact ? Math.max(weight, range.weight) : range.weight;
                exact = true;
            } else if (sameType && range.subtype.equals("*") && !exact) {
                weight = Math.max(weight, range.weight);
            }
        }
        return weight;
    }

    /** The weight of JSON in any dialect: {@code application/json}, {@code application/problem+json}, {@code application/*+json}. */
    int jsonWeight() {
        int weight = weight("application", "json");
        for (Range range : ranges) {
            if (range.type.equals("application") && range.subtype.endsWith("+json")) {
                weight = Math.max(weight, range.weight);
            }
        }
        return weight;
    }

    /** The type of the first range, or an empty text. */
    String firstType() {
        return ranges.isEmpty() ? "" : ranges.get(0).type;
    }

    /** The subtype of the first range, or an empty text. */
    String firstSubtype() {
        return ranges.isEmpty() ? "" : ranges.get(0).subtype;
    }

    /** The next {@code separator} outside a quoted string, or the end. */
    private static int unquoted(String text, char separator, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                return i;
            }
        }
        return text.length();
    }

    private record Range(String type, String subtype, int weight) {

        static @Nullable Range parse(String text) {
            int end = unquoted(text, ';', 0);
            String media = text.substring(0, end).strip().toLowerCase(Locale.ROOT);
            int slash = media.indexOf('/');
            if (slash < 1 || slash == media.length() - 1) {
                return null;
            }
            int weight = Weight.FULL;
            while (end < text.length()) {
                int next = unquoted(text, ';', end + 1);
                String parameter = text.substring(end + 1, next).strip();
                if (parameter.regionMatches(/* ignoreCase= */ true, 0, "q=", 0, 2)) {
                    weight = Weight.parse(parameter.substring(2));
                }
                end = next;
            }
            return weight < 0 ? null : new Range(media.substring(0, slash), media.substring(slash + 1), weight);
        }
    }
}
