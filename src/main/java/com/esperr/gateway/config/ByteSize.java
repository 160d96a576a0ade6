package com.esperr.gateway.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as HOCON writes them: {@code 64 KiB}, {@code 64K} and {@code 65536} are the same, {@code 64 kB} is 64000 bytes.
 * Stateless. Exact where the library's own reading rounds: a fraction of a byte is refused.
 */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("([+-]?[0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s*([A-Za-z]{0,9})");
    private static final String LETTERS = "KMGTPE";
    private static final String[] BINARY = {"kibi", "mebi", "gibi", "tebi", "pebi", "exbi"};
    private static final String[] DECIMAL = {"kilo", "mega", "giga", "tera", "peta", "exa"};
    private static final Map<String, Long> UNITS = units();

    private ByteSize() {}

    static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        Long unit = UNITS.get(matcher.group(2));
        if (unit == null) {
            throw new IllegalArgumentException("not a unit of size");
        }
        return new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit))
                .longValueExact();
    }

    static String format(long bytes) {
        if (bytes == 0) {
            return "0 B";
        }
        int power = 0;
        long rest = bytes;
        while (rest % 1024 == 0 && power < LETTERS.length()) {
            rest /= 1024;
            power++;
        }
        return rest + (power == 0 ? " B" : " " + LETTERS.charAt(power - 1) + "iB");
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        for (String one : new String[] {"", "B", "b", "byte", "bytes"}) {
            units.put(one, 1L);
        }
        long binary = 1;
        long decimal = 1;
        for (int i = 0; i < LETTERS.length(); i++) {
            binary *= 1024;
            decimal *= 1000;
            String upper = LETTERS.substring(i, i + 1);
            units.put(upper, binary);
            units.put(upper.toLowerCase(Locale.ROOT), binary);
            units.put(upper + "i", binary);
            units.put(upper + "iB", binary);
            units.put(BINARY[i] + "byte", binary);
            units.put(BINARY[i] + "bytes", binary);
            // HOCON spells the decimal kilobyte with a small k, all others with a capital.
            units.put(i == 0 ? "kB" : upper + "B", decimal);
            units.put(DECIMAL[i] + "byte", decimal);
            units.put(DECIMAL[i] + "bytes", decimal);
        }
        return Map.copyOf(units);
    }
}
