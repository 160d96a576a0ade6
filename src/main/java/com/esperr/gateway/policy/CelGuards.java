package com.esperr.gateway.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What must hold before a part of a CEL expression may be asked for its value. Confined to the thread that compiles. */
final class CelGuards {
    private final List<CelMutableExpr> guards = new ArrayList<>();

    void add(CelMutableExpr guard) {
        if (guards.stream().noneMatch(guard::equals)) {
            guards.add(guard);
        }
    }

    boolean isEmpty() {
        return guards.isEmpty();
    }

    /** True if all hold. */
    CelMutableExpr all() {
        CelMutableExpr all = guards.isEmpty()
                ? CelMutableExpr.ofConstant(CelConstant.ofValue(true))
                : CelMutableExpr.newInstance(guards.get(guards.size() - 1));
        for (int i = guards.size() - 2; i >= 0; i--) {
            all = and(CelMutableExpr.newInstance(guards.get(i)), all);
        }
        return all;
    }

    /** True if all hold and {@code atom} does, which is not asked otherwise. */
    CelMutableExpr before(CelMutableExpr atom) {
        return guards.isEmpty() ? atom : and(all(), atom);
    }

    /** Those that mention none of {@code names}. */
    List<CelMutableExpr> without(Set<String> names) {
        return guards.stream().filter(guard -> !mentions(guard, names)).toList();
    }

    private static boolean mentions(CelMutableExpr expression, Set<String> names) {
        if (expression.getKind() == Kind.IDENT) {
            return names.contains(expression.ident().name());
        }
        return CelParts.of(expression).stream().anyMatch(part -> mentions(part, names));
    }

    private static CelMutableExpr and(CelMutableExpr left, CelMutableExpr right) {
        return CelMutableExpr.ofCall(CelMutableCall.create("_&&_", left, right));
    }
}
