package com.esperr.gateway.policy;

import com.esperr.gateway.policy.Expression.All;
import com.esperr.gateway.policy.Expression.Any;
import com.esperr.gateway.policy.Expression.Comparison;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tree can say of a CEL expression: something that is so whenever the expression is true, for the index to find it by.
 * Stateless.
 */
final class CelImplied {
    private static final CelFields FIELDS = new CelFields();

    private CelImplied() {}

    /** What is so if {@code written}, a null-safe expression before it was rewritten, is true. */
    static Expression by(CelMutableExpr written) {
        return by(written, true);
    }

    private static Expression by(CelMutableExpr written, boolean wanted) {
        if (written.getKind() == Kind.SELECT && written.select().testOnly() && wanted) {
            RequestField map = FIELDS.map(written.select().operand());
            return map == null
                    ? Expression.ALWAYS
                    : there(new FieldReference(
                            map, CelFields.name(map, written.select().field())));
        }
        if (written.getKind() != Kind.CALL) {
            return Expression.ALWAYS;
        }
        CelMutableCall call = written.call();
        List<CelMutableExpr> args = call.args();
        return switch (call.function()) {
            case "!_" -> by(args.get(0), !wanted);
            case "_&&_" -> both(args, wanted, wanted);
            case "_||_" -> both(args, wanted, !wanted);
            case "_!=_" -> wanted ? Expression.ALWAYS : equal(args.get(0), args.get(1));
            default -> wanted ? atom(call, args) : Expression.ALWAYS;
        };
    }

    private static Expression both(List<CelMutableExpr> args, boolean wanted, boolean all) {
        List<Expression> parts = args.stream().map(part -> by(part, wanted)).toList();
        return all ? new All(parts) : new Any(parts);
    }

    private static Expression atom(CelMutableCall call, List<CelMutableExpr> args) {
        CelMutableExpr target = call.target().orElse(null);
        return switch (call.function()) {
            case "_==_" -> equal(args.get(0), args.get(1));
            case "@in" -> in(args.get(0), args.get(1));
            case "startsWith" -> part(target, Operator.STARTS_WITH, args.get(0));
            case "endsWith" -> part(target, Operator.ENDS_WITH, args.get(0));
            case "contains" -> part(target, Operator.CONTAINS, args.get(0));
            default -> Expression.ALWAYS;
        };
    }

    private static Expression equal(CelMutableExpr one, CelMutableExpr other) {
        return CelFields.isText(one)
                ? comparison(other, Operator.EQUALS, List.of(one))
                : comparison(one, Operator.EQUALS, List.of(other));
    }

    private static Expression in(CelMutableExpr one, CelMutableExpr many) {
        if (many.getKind() == Kind.LIST) {
            return comparison(one, Operator.IN, many.list().elements());
        }
        FieldReference member = FIELDS.map(many) == null ? null : FIELDS.member(many, one);
        return member == null ? Expression.ALWAYS : there(member);
    }

    private static Expression part(@Nullable CelMutableExpr of, Operator operator, CelMutableExpr text) {
        // Every text contains the empty one, and nothing is found by it.
        boolean empty = CelFields.isText(text) && text.constant().stringValue().isEmpty();
        return of == null || empty ? Expression.ALWAYS : comparison(of, operator, List.of(text));
    }

    private static Expression comparison(CelMutableExpr of, Operator operator, List<CelMutableExpr> texts) {
        FieldReference field = FIELDS.field(of);
        // To CEL addresses are texts.
        if (field == null
                || field.field() == RequestField.CLIENT_IP
                || texts.isEmpty()
                || !texts.stream().allMatch(CelFields::isText)) {
            return Expression.ALWAYS;
        }
        return new Comparison(
                field,
                operator,
                texts.stream().map(text -> text.constant().stringValue()).toList(),
                false);
    }

    private static Expression there(FieldReference field) {
        return new Comparison(field, Operator.IS_PRESENT, List.of(), false);
    }
}
