package com.esperr.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form a scalar must have: how its text is read, how that is said to the operator, and the legal value that stands in
 * when there is none. Immutable.
 */
record Form<T>(String expectation, T standIn, Parser<T> parser) {
    static final Form<String> TEXT = new Form<>("text", "", text -> text);
    static final Form<Boolean> FLAG = new Form<>("true or false", false, Form::parseFlag);
    // Longer numbers are out of any range, and an exponent of many digits would take long to expand.
    private static final int MAX_DIGITS = 32;

    /** The value, or null when the text does not have the form. */
    @Nullable
    T read(String text) {
        return read(parser, text);
    }

    static <T> @Nullable T read(Parser<T> parser, String text) {
        try {
            return parser.parse(text);
        } catch (RuntimeException malformed) {
            // Not only IllegalArgumentException: a parser's own mistake must not end the reading of everything else.
            return null;
        }
    }

    static Form<Integer> integer(int min, int max) {
        Form<Long> number = number(min, max);
        return new Form<>(
                number.expectation, number.standIn.intValue(), text -> Math.toIntExact(number.parser.parse(text)));
    }

    static Form<Long> number(long min, long max) {
        return new Form<>(range(min, max), clamp(0, min, max), text -> inRange(parseLong(text), min, max));
    }

    static Form<Long> bytes(long min, long max) {
        String high = max == Long.MAX_VALUE ? " or more" : ".." + ByteSize.format(max);
        return new Form<>(
                ByteSize.format(min) + high, clamp(0, min, max), text -> inRange(ByteSize.parse(text), min, max));
    }

    static Form<Double> fraction(double min, double max) {
        return new Form<>(min + ".." + max, Math.max(min, Math.min(0, max)), text -> {
            double value = decimal(text).doubleValue();
            require(value >= min && value <= max);
            return value;
        });
    }

    static Form<Duration> duration(Duration min, Duration max) {
        // Said because a bare 30 looks right to whoever wrote it.
        String expectation = TimeSpan.format(min) + ".." + TimeSpan.format(max) + ", with the unit";
        return new Form<>(expectation, min, text -> {
            Duration value = TimeSpan.parse(text);
            require(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
            return value;
        });
    }

    static <E extends Enum<E>> Form<E> choice(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String names = Arrays.stream(constants).map(Form::kebab).collect(Collectors.joining(", "));
        return new Form<>("one of " + names, constants[0], text -> {
            String wanted = text.strip().replace('_', '-').toLowerCase(Locale.ROOT);
            return Arrays.stream(constants)
                    .filter(constant -> kebab(constant).equals(wanted))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new);
        });
    }

    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Boolean parseFlag(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("not a flag");
        };
    }

    private static String range(long min, long max) {
        if (max != Long.MAX_VALUE) {
            return min + ".." + max;
        }
        return min == Long.MIN_VALUE ? "a whole number" : min + " or more";
    }

    private static long parseLong(String text) {
        BigDecimal value = decimal(text);
        // Compared before it is expanded, so that 1e999999999 costs nothing.
        require(value.abs().compareTo(BigDecimal.valueOf(Long.MIN_VALUE).abs()) <= 0);
        return value.longValueExact();
    }

    private static BigDecimal decimal(String text) {
        String digits = text.strip();
        require(digits.length() <= MAX_DIGITS);
        return new BigDecimal(digits);
    }

    private static long inRange(long value, long min, long max) {
        require(value >= min && value <= max);
        return value;
    }

    private static long clamp(long value, long min, long max) {
        return Math.max(min, Math.min(value, max));
    }

    private static void require(boolean legal) {
        if (!legal) {
            throw new IllegalArgumentException("out of range");
        }
    }
}
