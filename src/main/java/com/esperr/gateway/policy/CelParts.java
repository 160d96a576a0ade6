package com.esperr.gateway.policy;

import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableComprehension;
import dev.cel.common.ast.CelMutableExpr.CelMutableMap;
import java.util.ArrayList;
import java.util.List;

/** The parts that a CEL expression directly consists of. Stateless. */
final class CelParts {
    private CelParts() {}

    static List<CelMutableExpr> of(CelMutableExpr expression) {
        List<CelMutableExpr> parts = new ArrayList<>();
        switch (expression.getKind()) {
            case SELECT -> parts.add(expression.select().operand());
            case CALL -> {
                expression.call().target().ifPresent(parts::add);
                parts.addAll(expression.call().args());
            }
            case LIST -> parts.addAll(expression.list().elements());
            case MAP -> {
                for (CelMutableMap.Entry entry : expression.map().entries()) {
                    parts.add(entry.key());
                    parts.add(entry.value());
                }
            }
            case COMPREHENSION -> {
                CelMutableComprehension loop = expression.comprehension();
                parts.addAll(List.of(
                        loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result()));
            }
            default -> {}
        }
        return parts;
    }

    /** Gives every part a number of its own, from {@code next} on; the first that was not used. */
    static long number(CelMutableExpr expression, long next) {
        expression.setId(next);
        long free = next + 1;
        for (CelMutableExpr part : of(expression)) {
            free = number(part, free);
        }
        if (expression.getKind() == Kind.MAP) {
            for (CelMutableMap.Entry entry : expression.map().entries()) {
                entry.setId(free++);
            }
        }
        return free;
    }
}
