package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition as it was written, checked but not compiled. Immutable. The text form is canonical: two expressions with the
 * same text mean the same, however they were spelled, and no text that a policy holds can pass for structure.
 */
sealed interface Expression {
    /** Every request. */
    Expression ALWAYS = new Always();

    /** True for every request. */
    record Always() implements Expression {
        @Override
        public String toString() {
            return "always";
        }
    }

    /** True if all parts are. */
    record All(List<Expression> parts) implements Expression {
        @Override
        public String toString() {
            return "all" + parts;
        }
    }

    /** True if one part is. */
    record Any(List<Expression> parts) implements Expression {
        @Override
        public String toString() {
            return "any" + parts;
        }
    }

    /** True if the part is not. */
    record Not(Expression part) implements Expression {
        @Override
        public String toString() {
            return "not[" + part + ']';
        }
    }

    /**
     * Compares one field.
     *
     * @param operands what it is compared with, valid for the operator and the field
     */
    record Comparison(FieldReference field, Operator operator, List<String> operands, boolean ignoreCase)
            implements Expression {
        @Override
        public String toString() {
            return quoted(field.toString())
                    + ' '
                    + operator.label()
                    + operands.stream().map(Expression::quoted).collect(Collectors.joining(",", "(", ")"))
                    + (ignoreCase ? " ignoring case" : "");
        }
    }

    /** A CEL expression. */
    record Cel(CelExpression expression) implements Expression {
        @Override
        public String toString() {
            return "cel(" + quoted(expression.text()) + ')';
        }
    }

    /** The comparisons and CEL expressions that {@code expression} is made of. */
    static Stream<Expression> leaves(Expression expression) {
        if (expression instanceof All all) {
            return all.parts().stream().flatMap(Expression::leaves);
        }
        if (expression instanceof Any any) {
            return any.parts().stream().flatMap(Expression::leaves);
        }
        return expression instanceof Not not ? leaves(not.part()) : Stream.of(expression);
    }

    /** Whether {@code expression} has to know countries. */
    static boolean asksForCountries(Expression expression) {
        return leaves(expression)
                .anyMatch(leaf -> leaf instanceof Cel cel
                        ? cel.expression().countries()
                        : leaf instanceof Comparison comparison
                                && comparison.operator().operand() == Operator.Operand.COUNTRIES);
    }

    /** The text in quotation marks, with those inside it escaped. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
