package com.esperr.gateway.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as HOCON writes them: {@code 250 ms}, {@code 1.5s}, {@code 2 minutes}. Stateless. Unlike the library's own
 * reading a unit is demanded, because a bare {@code 30} would silently be 30 milliseconds.
 */
public final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("([+-]?[0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s*([A-Za-z]{0,12})");
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** One unit, largest first; the first of its names is the one that is printed. */
    private record Unit(long nanos, List<String> names) {}

    private static final List<Unit> UNITS = List.of(
            new Unit(86_400_000_000_000L, List.of("d", "day", "days")),
            new Unit(3_600_000_000_000L, List.of("h", "hour", "hours")),
            new Unit(60_000_000_000L, List.of("m", "minute", "minutes")),
            new Unit(1_000_000_000L, List.of("s", "second", "seconds")),
            new Unit(1_000_000L, List.of("ms", "milli", "millis", "millisecond", "milliseconds")),
            new Unit(1_000L, List.of("us", "micro", "micros", "microsecond", "microseconds")),
            new Unit(1L, List.of("ns", "nano", "nanos", "nanosecond", "nanoseconds")));

    private TimeSpan() {}

    /** Reads one; fails with IllegalArgumentException. */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        BigDecimal amount = new BigDecimal(matcher.group(1));
        if (matcher.group(2).isEmpty() && amount.signum() == 0) {
            return Duration.ZERO;
        }
        BigInteger nanos =
                amount.multiply(BigDecimal.valueOf(unit(matcher.group(2)))).toBigIntegerExact();
        BigInteger[] parts = nanos.divideAndRemainder(NANOS);
        return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
    }

    private static long unit(String name) {
        for (Unit unit : UNITS) {
            if (unit.names.contains(name)) {
                return unit.nanos;
            }
        }
        throw new IllegalArgumentException("not a unit of time");
    }

    /** The time for people, in the largest unit in which it is whole. */
    public static String format(Duration duration) {
        BigInteger nanos =
                BigInteger.valueOf(duration.getSeconds()).multiply(NANOS).add(BigInteger.valueOf(duration.getNano()));
        if (nanos.signum() == 0) {
            return "0 s";
        }
        for (Unit unit : UNITS) {
            BigInteger[] parts = nanos.divideAndRemainder(BigInteger.valueOf(unit.nanos));
            if (parts[1].signum() == 0) {
                return parts[0] + " " + unit.names.get(0);
            }
        }
        return nanos + " ns";
    }
}
