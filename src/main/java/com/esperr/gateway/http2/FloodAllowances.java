package com.esperr.gateway.http2;

import com.esperr.gateway.config.Section;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How much of each {@link Flood} a connection may send. Immutable.
 *
 * @param byKind by the ordinal of the kind
 */
public record FloodAllowances(List<Allowance> byKind) {
    /** Those that every kind has by itself. */
    public static final FloodAllowances USUAL = new FloodAllowances(Stream.of(Flood.values())
            .map(kind -> new Allowance(kind.burst(), kind.perSecond()))
            .toList());

    private static final int MOST = 1_000_000;
    private static final String EXPECTED = "two numbers of 1.." + MOST + ": how many at once, and how many a second";

    /**
     * How much of one kind.
     *
     * @param burst how many may come at once
     * @param perSecond how many a second may go on coming
     */
    public record Allowance(int burst, int perSecond) {}

    /** Reads a section with a key for each kind. */
    public static FloodAllowances read(Section section) {
        return new FloodAllowances(
                Stream.of(Flood.values()).map(kind -> read(section, kind)).toList());
    }

    private static Allowance read(Section section, Flood kind) {
        String key = kind.label().replace('_', '-').toLowerCase(Locale.ROOT);
        List<Integer> numbers = section.parsedList(key, EXPECTED, FloodAllowances::number);
        if (numbers.size() == 2) {
            return new Allowance(numbers.get(0), numbers.get(1));
        }
        if (numbers.size() == section.strings(key).size()) {
            section.problem(key, numbers.toString(), EXPECTED);
        }
        return USUAL.of(kind);
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        if (number < 1 || number > MOST) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    Allowance of(Flood kind) {
        return byKind.get(kind.ordinal());
    }
}
