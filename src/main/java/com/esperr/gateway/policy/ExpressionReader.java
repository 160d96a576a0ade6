package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.policy.Expression.All;
import com.esperr.gateway.policy.Expression.Any;
import com.esperr.gateway.policy.Expression.Cel;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.policy.Expression.Not;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions: {@code Always}, {@code { field, operator, value, ignore_case }}, {@code { all = [ … ] }}, {@code { any =
 * [ … ] }} and {@code { not = { … } }}. What is wrong is reported to the section and reads as {@code Always}. Stateless.
 */
final class ExpressionReader {
    private static final List<String> SHAPES =
            List.of("field", "all", "and", "And", "any", "or", "Or", "not", "Not", "cel");
    private static final String SHAPE = "exactly one of field, all, any, not, cel";
    private static final List<String> COMPARISON_KEYS = List.of("operator", "value", "ignore_case");
    // Deep enough for people; evaluation recurses, and a stack is not endless.
    private static final int MAX_DEPTH = 32;

    private static final String FIELDS = Stream.of(RequestField.values())
            .map(field -> field.named() ? field.label() + "[name]" : field.label())
            .collect(Collectors.joining(", ", "one of ", ""));

    private ExpressionReader() {}

    /** The condition under {@code key}; an absent one is {@code Always}. */
    static Expression read(Section owner, String key) {
        if (!owner.has(key)) {
            return Expression.ALWAYS;
        }
        if (owner.isObject(key)) {
            return tree(owner.section(key), 1);
        }
        return owner.parsed(key, "Always or a condition { … }", Expression.ALWAYS, ExpressionReader::word);
    }

    private static Expression word(String text) {
        if (!text.strip().equalsIgnoreCase("always")) {
            throw new IllegalArgumentException("not a condition");
        }
        return Expression.ALWAYS;
    }

    private static Expression tree(Section section, int depth) {
        List<String> shapes = SHAPES.stream().filter(section::has).toList();
        if (shapes.size() != 1) {
            COMPARISON_KEYS.forEach(section::has);
            section.problem("", shapes.isEmpty() ? "none of them" : String.join(" and ", shapes), SHAPE);
            return Expression.ALWAYS;
        }
        if (depth > MAX_DEPTH) {
            section.problem("", "nested too deeply", "at most " + MAX_DEPTH + " levels");
            return Expression.ALWAYS;
        }
        String shape = shapes.get(0);
        if (shape.equals("field")) {
            return comparison(section);
        }
        for (String key : COMPARISON_KEYS) {
            if (section.has(key)) {
                section.problem(key, "beside " + shape, "only beside field");
            }
        }
        return switch (shape) {
            case "not", "Not" -> new Not(tree(section.section(shape), depth + 1));
            case "cel" -> cel(section);
            case "all", "and", "And" -> new All(parts(section, shape, depth));
            default -> new Any(parts(section, shape, depth));
        };
    }

    private static Expression cel(Section section) {
        String text = section.required("cel", "a CEL expression");
        if (text.isEmpty()) {
            return Expression.ALWAYS;
        }
        try {
            return new Cel(CelExpression.parse(text));
        } catch (IllegalArgumentException unsound) {
            section.problem("cel", text, "a CEL expression that is true or false; " + unsound.getMessage());
            return Expression.ALWAYS;
        }
    }

    private static List<Expression> parts(Section section, String key, int depth) {
        List<Expression> parts = new ArrayList<>();
        List<Section> sections = section.sections(key);
        sections.forEach(part -> parts.add(tree(part, depth + 1)));
        if (sections.isEmpty() && OperandReader.isEmpty(section, key)) {
            section.problem(key, "[]", "at least one condition");
        }
        return List.copyOf(parts);
    }

    private static Expression comparison(Section section) {
        FieldReference field = field(section);
        Operator operator = operator(section);
        boolean ignoreCase = section.flagOr("ignore_case", false);
        if (field == null || operator == null) {
            section.has("value");
            return Expression.ALWAYS;
        }
        List<String> operands = OperandReader.read(section, field, operator);
        return new Comparison(field, operator, operands, ignoreCase);
    }

    private static @Nullable FieldReference field(Section section) {
        String text = section.required("field", FIELDS).strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            return FieldReference.parse(text);
        } catch (IllegalArgumentException unknown) {
            section.problem("field", text, FIELDS);
            return null;
        }
    }

    private static @Nullable Operator operator(Section section) {
        String text = section.required("operator", "one of " + Operator.names());
        if (text.isEmpty()) {
            return null;
        }
        Operator operator = Operator.of(text);
        if (operator == null) {
            section.problem("operator", text, "one of " + Operator.names());
        }
        return operator;
    }
}
