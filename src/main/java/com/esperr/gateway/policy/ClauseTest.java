package com.esperr.gateway.policy;

import com.esperr.gateway.policy.Expression.Cel;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.request.FieldReference;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the comparisons that a clause is made of, to be told on its own. Immutable.
 *
 * @param fields what it reads
 * @param operator how it compares
 * @param operands with what, in the words of the policy
 * @param condition whether it holds
 */
record ClauseTest(List<FieldReference> fields, String operator, List<String> operands, Condition condition) {
    /** Those of {@code expressions} together. */
    static List<ClauseTest> all(List<Expression> expressions, ConditionCompiler conditions) {
        return expressions.stream()
                .flatMap(Expression::leaves)
                .flatMap(leaf -> of(leaf, conditions))
                .toList();
    }

    private static Stream<ClauseTest> of(Expression leaf, ConditionCompiler conditions) {
        if (leaf instanceof Comparison comparison) {
            String ignoring = comparison.ignoreCase() ? " ignoring case" : "";
            return Stream.of(new ClauseTest(
                    List.of(comparison.field()),
                    comparison.operator().label() + ignoring,
                    comparison.operands(),
                    conditions.compile(leaf)));
        }
        if (leaf instanceof Cel cel) {
            return Stream.of(new ClauseTest(
                    cel.expression().fields(), "cel", List.of(cel.expression().text()), conditions.compile(leaf)));
        }
        // What is always so explains nothing.
        return Stream.empty();
    }
}
