package com.esperr.gateway.policy;

import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.policy.Expression.All;
import com.esperr.gateway.policy.Expression.Any;
import com.esperr.gateway.policy.Expression.Cel;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.policy.Expression.Not;
import com.esperr.gateway.request.RequestField;
import java.time.Instant;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Turns expressions into conditions, so that nothing that can be known beforehand is worked out per request. Confined to the
 * thread that compiles.
 */
final class ConditionCompiler {
    private static final int CHEAPEST = 3;
    private static final int COUNTRY = 60;
    private static final int CEL = 500;

    private final FieldSlots slots;

    ConditionCompiler(FieldSlots slots) {
        this.slots = slots;
    }

    Condition compile(Expression expression) {
        if (expression instanceof All all) {
            return Condition.all(all.parts().stream().map(this::compile).toList());
        }
        if (expression instanceof Any any) {
            return Condition.any(any.parts().stream().map(this::compile).toList());
        }
        if (expression instanceof Not not) {
            return new Condition.Negation(compile(not.part()));
        }
        if (expression instanceof Comparison comparison) {
            return comparison(comparison);
        }
        if (expression instanceof Cel cel) {
            return cel(cel.expression());
        }
        return Condition.ALWAYS;
    }

    private Condition cel(CelExpression expression) {
        FieldSlot[] fields = expression.fields().stream()
                .map(field -> slots.of(field, false))
                .toArray(FieldSlot[]::new);
        return new Condition.CelTest(expression, fields, CEL);
    }

    private Condition comparison(Comparison comparison) {
        Operator opposite = comparison.operator().opposite();
        if (opposite != null) {
            return new Condition.Negation(comparison(
                    new Comparison(comparison.field(), opposite, comparison.operands(), comparison.ignoreCase())));
        }
        if (comparison.operator() == Operator.IN_COUNTRY) {
            return country(comparison);
        }
        return switch (comparison.field().field()) {
            case CLIENT_IP -> address(comparison);
            case OBSERVED_AT -> time(comparison);
            case REQUEST_HEADER -> header(comparison);
            default -> text(comparison);
        };
    }

    private Condition address(Comparison comparison) {
        return switch (comparison.operator()) {
            case EQUALS, IN, IN_RANGE -> new Condition.AddressTest(CidrSet.parse(comparison.operands()), CHEAPEST);
            default -> text(comparison);
        };
    }

    private Condition country(Comparison comparison) {
        Predicate<String> codes = Countries.codes(comparison.operands())::contains;
        if (comparison.field().field() == RequestField.CLIENT_IP) {
            return new Condition.CountryTest(codes, COUNTRY);
        }
        FieldSlot slot = slots.of(comparison.field(), false);
        return new Condition.FieldCountryTest(slot, codes, slot.cost() + COUNTRY);
    }

    private Condition time(Comparison comparison) {
        if (comparison.operator().operand() != Operator.Operand.NUMBER) {
            return text(comparison);
        }
        long bound = Instant.parse(comparison.operands().get(0)).toEpochMilli();
        LongPredicate test = Orders.of(comparison.operator(), bound);
        return new Condition.TimeTest(test, CHEAPEST);
    }

    private Condition header(Comparison comparison) {
        return comparison.operator() == Operator.IS_PRESENT
                ? new Condition.HeaderPresence(comparison.field().name(), CHEAPEST)
                : text(comparison);
    }

    private Condition text(Comparison comparison) {
        boolean folded = comparison.ignoreCase() && comparison.operator() != Operator.MATCHES_REGEX;
        FieldSlot slot = slots.of(comparison.field(), folded);
        if (comparison.operator() == Operator.IS_PRESENT) {
            return new Condition.Presence(slot, slot.cost());
        }
        Predicate<String> test = TextTests.of(comparison);
        int cost = slot.cost() + TextTests.cost(comparison);
        if (!folded && comparison.field().field() == RequestField.REQUEST_PATH) {
            return new Condition.PathTest(test, cost);
        }
        if (!folded && comparison.field().field() == RequestField.REQUEST_METHOD) {
            return new Condition.MethodTest(test, cost);
        }
        return new Condition.TextTest(slot, test, cost);
    }
}
