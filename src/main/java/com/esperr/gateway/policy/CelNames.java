package com.esperr.gateway.policy;

import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one CEL expression reads and tests, numbered in the order in which it was found. Confined to the thread that compiles.
 */
final class CelNames {
    private final List<FieldReference> fields = new ArrayList<>();
    private final List<Function<Inputs, Predicate<String>>> tests = new ArrayList<>();
    private boolean countries;

    /** The field that CEL calls {@code name}, or null. */
    static @Nullable RequestField fieldOrNull(String name) {
        return Stream.of(RequestField.values())
                .filter(field -> field.label().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The number of a field; the same for the same field. */
    int field(FieldReference field) {
        int known = fields.indexOf(field);
        if (known >= 0) {
            return known;
        }
        fields.add(field);
        return bounded(fields.size() - 1, "fields");
    }

    /** The number of a test that {@code function} makes with {@code texts}. */
    int test(String function, List<String> texts) {
        tests.add(prepared(function, texts));
        return bounded(tests.size() - 1, "tests");
    }

    List<FieldReference> fields() {
        return List.copyOf(fields);
    }

    List<Function<Inputs, Predicate<String>>> tests() {
        return List.copyOf(tests);
    }

    /** Whether one of the tests needs to know countries. */
    boolean countries() {
        return countries;
    }

    private Function<Inputs, Predicate<String>> prepared(String function, List<String> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(function + " takes at least one value");
        }
        if (function.equals(CelDialect.IN_COUNTRY)) {
            countries = true;
            Predicate<String> codes = Countries.codes(texts)::contains;
            return inputs -> value -> inputs.isInCountry(value, codes);
        }
        Predicate<String> test =
                function.equals(CelDialect.MATCHES) ? regex(texts.get(0)) : TextTests.inRange(CidrSet.parse(texts));
        return inputs -> test;
    }

    private static Predicate<String> regex(String text) {
        try {
            return Regexes.finder(text, false);
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException("a regular expression of RE2; " + malformed.getDescription(), malformed);
        }
    }

    private static int bounded(int number, String what) {
        if (number >= CelDialect.MAX_NAMES) {
            throw new IllegalArgumentException("at most " + CelDialect.MAX_NAMES + " " + what);
        }
        return number;
    }
}
