package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.policy.Expression.All;
import com.esperr.gateway.policy.Expression.Any;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.policy.Expression.Not;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the compiler reorders, shares or folds, a condition means what it says: compared with the slow reading of it. */
class CompiledLikeWrittenTest {
    private static final List<String> FIELDS = List.of(
            "request_method",
            "request_path",
            "request_header[x-a]",
            "query_param[q]",
            "cookie[c]",
            "user_agent",
            "client_ip");
    private static final List<Operator> OPERATORS = List.of(
            Operator.EQUALS,
            Operator.NOT_EQUALS,
            Operator.CONTAINS,
            Operator.NOT_CONTAINS,
            Operator.CONTAINS_ANY,
            Operator.STARTS_WITH,
            Operator.NOT_STARTS_WITH,
            Operator.ENDS_WITH,
            Operator.NOT_ENDS_WITH,
            Operator.MATCHES_REGEX,
            Operator.IN,
            Operator.NOT_IN,
            Operator.IS_PRESENT,
            Operator.IS_NOT_PRESENT,
            Operator.IN_RANGE,
            Operator.NOT_IN_RANGE);
    private static final List<String> WORDS = List.of("a", "A", "ab", "Ba", "b/a", "GET", "/a", "Ü", "ü");
    private static final List<String> ADDRESSES = List.of("10.0.0.1", "10.0.0.2", "2001:db8::1");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void forRandomConditionsAndRequests(long seed) {
        Random random = new Random(seed);
        int matching = 0;
        for (int i = 0; i < 2_000; i++) {
            FieldSlots slots = new FieldSlots();
            Expression expression = expression(random, 3);
            Condition condition = new ConditionCompiler(slots).compile(expression);
            RequestContext request = request(random);
            boolean expected = reads(expression, request);
            assertThat(condition.matches(new Inputs(request, slots.size())))
                    .as("%s on %s %s %s", expression, request.method(), request.url(), request.fields())
                    .isEqualTo(expected);
            matching += expected ? 1 : 0;
        }
        assertThat(matching).isBetween(300, 1_700);
    }

    private static boolean reads(Expression expression, RequestContext request) {
        if (expression instanceof All all) {
            return all.parts().stream().allMatch(part -> reads(part, request));
        }
        if (expression instanceof Any any) {
            return any.parts().stream().anyMatch(part -> reads(part, request));
        }
        if (expression instanceof Not not) {
            return !reads(not.part(), request);
        }
        return expression instanceof Comparison comparison ? reads(comparison, request) : true;
    }

    private static boolean reads(Comparison comparison, RequestContext request) {
        boolean negated = comparison.operator().label().contains("not");
        String value = comparison.field().value(request);
        return negated != (value != null && positive(comparison, value));
    }

    private static boolean positive(Comparison comparison, String value) {
        boolean fold = comparison.ignoreCase();
        String text = fold ? value.toLowerCase(Locale.ROOT) : value;
        List<String> operands = comparison.operands().stream()
                .map(operand -> fold ? operand.toLowerCase(Locale.ROOT) : operand)
                .toList();
        return switch (comparison.operator()) {
            case EQUALS, NOT_EQUALS -> text.equals(operands.get(0));
            case CONTAINS, NOT_CONTAINS -> text.contains(operands.get(0));
            case CONTAINS_ANY -> operands.stream().anyMatch(text::contains);
            case STARTS_WITH, NOT_STARTS_WITH -> text.startsWith(operands.get(0));
            case ENDS_WITH, NOT_ENDS_WITH -> text.endsWith(operands.get(0));
            case MATCHES_REGEX -> Pattern.compile(operands.get(0)).matcher(text).find();
            case IN, NOT_IN -> operands.contains(text);
            case IS_PRESENT, IS_NOT_PRESENT -> true;
            case IN_RANGE, NOT_IN_RANGE -> {
                IpAddress address = IpAddress.parseOrNull(value);
                yield address != null && Cidr.parse(operands.get(0)).contains(address);
            }
            default -> throw new AssertionError(comparison.operator());
        };
    }

    private static Expression expression(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(5)) {
            case 1 -> new All(List.of(expression(random, depth - 1), expression(random, depth - 1)));
            case 2 ->
                new Any(List.of(
                        expression(random, depth - 1), expression(random, depth - 1), expression(random, depth - 1)));
            case 3 -> new Not(expression(random, depth - 1));
            default -> random.nextInt(30) == 0 ? Expression.ALWAYS : comparison(random);
        };
    }

    private static Expression comparison(Random random) {
        FieldReference field = FieldReference.parse(pick(FIELDS, random));
        Operator operator = pick(OPERATORS, random);
        boolean address = field.toString().equals("client_ip");
        List<String> words = address ? ADDRESSES : WORDS;
        List<String> operands = switch (operator.operand()) {
            case NONE -> List.of();
            case TEXTS, SUBSTRINGS ->
                random.nextBoolean()
                        ? List.of(pick(words, random), pick(words, random))
                        : words.subList(0, Math.min(words.size(), 5));
            case NETWORKS -> List.of(pick(List.of("10.0.0.0/30", "2001:db8::/32", "10.0.0.1"), random));
            default -> List.of(pick(words, random));
        };
        return new Comparison(field, operator, operands, random.nextBoolean());
    }

    private static RequestContext request(Random random) {
        Sample.Request request = Sample.get("/" + pick(List.of("a", "ab", "Ba", "b/a", ""), random)
                        + (random.nextBoolean()
                                ? ""
                                : "?q=" + pick(List.of("a", "%C3%9C", "GET", "10.0.0.1", ""), random)))
                .from(pick(ADDRESSES, random));
        if (random.nextBoolean()) {
            request.with("X-A", pick(List.of("a", "AB", "10.0.0.2", "2001:db8::9", ""), random));
        }
        if (random.nextBoolean()) {
            request.with("User-Agent", pick(List.of("a", "Ab", "BA"), random));
        }
        if (random.nextBoolean()) {
            request.with("Cookie", "c=" + pick(List.of("a", "B", "ab"), random));
        }
        return request.context();
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
