package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import java.util.List;
import java.util.stream.Collectors;

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

    /** The text in quotation marks, with those inside it escaped. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
