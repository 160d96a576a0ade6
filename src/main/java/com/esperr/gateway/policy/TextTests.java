package com.esperr.gateway.policy;

import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.policy.Expression.Comparison;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is asked of the text of a field, by operator. The tests are immutable. */
final class TextTests {
    // Below this a few comparisons, most of them of lengths, are faster than a hash of the whole value.
    private static final int SET_SIZE = 4;
    // Up to this many, looking for one after the other is faster than going over the value once (TextTrieBenchmark).
    private static final int MANY = 12;

    private TextTests() {}

    /** The test of a comparison whose operator is not a negated one. */
    static Predicate<String> of(Comparison comparison) {
        List<String> operands = operands(comparison);
        return switch (comparison.operator()) {
            case EQUALS -> operands.get(0)::equals;
            case CONTAINS -> contains(operands.get(0));
            case CONTAINS_ANY -> containsAny(operands.toArray(String[]::new));
            case STARTS_WITH -> startsWith(operands.get(0));
            case ENDS_WITH -> endsWith(operands.get(0));
            case MATCHES_REGEX -> Regexes.finder(operands.get(0), comparison.ignoreCase());
            case IN -> in(operands);
            case GREATER_THAN, GREATER_THAN_OR_EQUAL, LESS_THAN, LESS_THAN_OR_EQUAL ->
                number(comparison.operator(), Numbers.parse(operands.get(0)));
            case IN_RANGE -> inRange(CidrSet.parse(operands));
            case IS_PRESENT -> value -> true;
            case IN_COUNTRY,
                    NOT_EQUALS,
                    NOT_CONTAINS,
                    NOT_STARTS_WITH,
                    NOT_ENDS_WITH,
                    NOT_IN,
                    IS_NOT_PRESENT,
                    NOT_IN_RANGE,
                    NOT_CONTAINS_ANY,
                    NOT_MATCHES_REGEX,
                    NOT_IN_COUNTRY ->
                throw new IllegalArgumentException(comparison.operator().label());
        };
    }

    /** What the test costs beyond reading the field. */
    static int cost(Comparison comparison) {
        return switch (comparison.operator().operand()) {
            case NONE, TEXT -> 0;
            case TEXTS -> 1;
            case SUBSTRING -> comparison.operator() == Operator.CONTAINS ? 2 : 0;
            case SUBSTRINGS -> Math.min(10, 2 * comparison.operands().size());
            case NUMBER, NETWORKS -> 5;
            case REGEX -> 100;
            case COUNTRIES -> 0;
        };
    }

    private static List<String> operands(Comparison comparison) {
        boolean folded = comparison.ignoreCase() && comparison.operator() != Operator.MATCHES_REGEX;
        return folded ? comparison.operands().stream().map(Inputs::fold).toList() : comparison.operands();
    }

    private static Predicate<String> contains(String part) {
        return value -> value.contains(part);
    }

    private static Predicate<String> containsAny(String[] parts) {
        if (parts.length > MANY) {
            TextTrie<Boolean> trie = TextTrie.of(
                    Stream.of(parts).distinct().collect(Collectors.toMap(Function.identity(), part -> true)));
            return trie::anyPart;
        }
        return value -> {
            for (String part : parts) {
                if (value.contains(part)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Predicate<String> startsWith(String prefix) {
        return value -> value.startsWith(prefix);
    }

    private static Predicate<String> endsWith(String suffix) {
        return value -> value.endsWith(suffix);
    }

    private static Predicate<String> in(List<String> texts) {
        Set<String> distinct = Set.copyOf(texts);
        return distinct.size() >= SET_SIZE ? distinct::contains : List.copyOf(distinct)::contains;
    }

    private static Predicate<String> number(Operator operator, BigDecimal bound) {
        LongPredicate order = Orders.of(operator, 0);
        return value -> {
            BigDecimal number = Numbers.parseOrNull(value);
            return number != null && order.test(number.compareTo(bound));
        };
    }

    /** Whether a text is an address in one of the networks. */
    static Predicate<String> inRange(CidrSet networks) {
        return value -> {
            IpAddress address = IpAddress.parseOrNull(value);
            return address != null && networks.contains(address);
        };
    }
}
