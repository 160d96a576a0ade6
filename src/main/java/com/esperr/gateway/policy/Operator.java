package com.esperr.gateway.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a field is compared, with every spelling a policy may use: the readable one, Esper's command line's ({@code Eq}), and
 * either in any case, with or without {@code _}, {@code -} and blanks. Immutable.
 *
 * <p>A field that the request does not have makes every operator false, except the negated ones: each is exactly the
 * opposite of its positive form, so a request without the field is true for them.
 */
enum Operator {
    EQUALS(Operand.TEXT, "Eq", "is"),
    NOT_EQUALS(EQUALS, "NotEq", "Ne", "is_not"),
    CONTAINS(Operand.SUBSTRING),
    NOT_CONTAINS(CONTAINS, "does_not_contain"),
    CONTAINS_ANY(Operand.SUBSTRINGS),
    NOT_CONTAINS_ANY(CONTAINS_ANY, "does_not_contain_any", "contains_none"),
    STARTS_WITH(Operand.SUBSTRING),
    NOT_STARTS_WITH(STARTS_WITH, "does_not_start_with"),
    ENDS_WITH(Operand.SUBSTRING),
    NOT_ENDS_WITH(ENDS_WITH, "does_not_end_with"),
    /** Finds the expression anywhere in the value; {@code ^} and {@code $} anchor it. */
    MATCHES_REGEX(Operand.REGEX, "Matches", "Regex"),
    NOT_MATCHES_REGEX(MATCHES_REGEX, "NotMatches", "NotRegex", "does_not_match_regex"),
    IN(Operand.TEXTS, "in_list"),
    NOT_IN(IN, "not_in_list"),
    GREATER_THAN(Operand.NUMBER, "Gt"),
    GREATER_THAN_OR_EQUAL(Operand.NUMBER, "Gte", "Ge", "greater_or_equal"),
    LESS_THAN(Operand.NUMBER, "Lt"),
    LESS_THAN_OR_EQUAL(Operand.NUMBER, "Lte", "Le", "less_or_equal"),
    /** True also for an empty value. */
    IS_PRESENT(Operand.NONE, "Present", "Exists"),
    IS_NOT_PRESENT(IS_PRESENT, "NotPresent", "NotExists", "is_missing"),
    IN_RANGE(Operand.NETWORKS, "in_cidr"),
    NOT_IN_RANGE(IN_RANGE, "not_in_cidr"),
    IN_COUNTRY(Operand.COUNTRIES),
    NOT_IN_COUNTRY(IN_COUNTRY);

    /** What stands in {@code value}. */
    enum Operand {
        NONE,
        TEXT,
        SUBSTRING,
        SUBSTRINGS,
        TEXTS,
        REGEX,
        NUMBER,
        NETWORKS,
        COUNTRIES
    }

    private static final Map<String, Operator> BY_SPELLING = new HashMap<>();

    static {
        for (Operator operator : values()) {
            operator.spellings().forEach(spelling -> BY_SPELLING.put(squeeze(spelling), operator));
        }
    }

    private final Operand operand;
    private final @Nullable Operator opposite;
    private final String[] aliases;

    Operator(Operand operand, String... aliases) {
        this.operand = operand;
        this.opposite = null;
        this.aliases = aliases;
    }

    Operator(Operator opposite, String... aliases) {
        this.operand = opposite.operand;
        this.opposite = opposite;
        this.aliases = aliases;
    }

    /** The operator of a spelling, or null. */
    static @Nullable Operator of(String spelling) {
        return BY_SPELLING.get(squeeze(spelling));
    }

    /** The readable spellings of all operators, for messages. */
    static String names() {
        return Arrays.stream(values()).map(Operator::label).collect(Collectors.joining(", "));
    }

    /** The readable spelling. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every spelling; any case, and {@code _}, {@code -} and blanks do not matter. */
    List<String> spellings() {
        return Stream.concat(Stream.of(label()), Arrays.stream(aliases)).toList();
    }

    Operand operand() {
        return operand;
    }

    /** The operator that this one is the opposite of, or null if it is no negated one. */
    @Nullable
    Operator opposite() {
        return opposite;
    }

    private static String squeeze(String spelling) {
        return spelling.replaceAll("[_\\s-]", "").toLowerCase(Locale.ROOT);
    }
}
