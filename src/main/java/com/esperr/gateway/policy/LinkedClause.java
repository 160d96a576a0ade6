package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.WindowLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A clause with its names looked up, ready to be compiled. Immutable. */
record LinkedClause(
        PolicyDefinition policy,
        ClauseDefinition clause,
        List<ActionDefinition> actions,
        EntityDefinition entity,
        MitigationDefinition mitigation) {
    /** The label of the embedded engine. */
    static final String SOURCE = "local";

    /** Whether the clause can do anything: a disabled action never happens, a disabled mitigation does nothing. */
    boolean isInForce() {
        return mitigation.enabled() && actions.stream().allMatch(ActionDefinition::enabled);
    }

    Clause compile(ConditionCompiler conditions, FieldSlots slots) {
        List<Condition> parts = new ArrayList<>();
        expressions().forEach(expression -> parts.add(conditions.compile(expression)));
        return new Clause(Condition.all(parts), window(slots), mitigation.mode(), mitigation.target(), cause());
    }

    /** What the clause means, for the hash. */
    String canonical() {
        WindowLimit limit = clause.window();
        String window = limit == null
                ? ""
                : " window " + limit.threshold() + " in " + limit.seconds() + " of "
                        + entity.keyFields().stream()
                                .map(FieldReference::toString)
                                .map(Expression::quoted)
                                .collect(Collectors.joining(","));
        return Expression.quoted(clause.name()) + " if " + expressions() + window + " then " + mitigation.canonical();
    }

    /** What must hold, together. */
    List<Expression> expressions() {
        List<Expression> expressions = new ArrayList<>();
        expressions.add(clause.matches());
        actions.forEach(action -> expressions.add(action.expression()));
        expressions.add(entity.matches());
        return expressions;
    }

    private @Nullable WindowRule window(FieldSlots slots) {
        WindowLimit limit = clause.window();
        return limit == null
                ? null
                : new WindowRule(
                        limit,
                        policy.id().text(),
                        clause.name(),
                        entity.keyFields().stream()
                                .map(field -> slots.of(field, false))
                                .toList());
    }

    private Cause cause() {
        return new Cause(
                SOURCE,
                policy.id().text(),
                clause.name(),
                null,
                reason(),
                null,
                mitigation.mode() == Mode.MONITOR ? mitigation.would() : null);
    }

    private @Nullable String reason() {
        WindowLimit limit = clause.window();
        if (limit == null) {
            return policy.title();
        }
        String often = limit.threshold() + " or more in " + limit.seconds() + " s";
        return policy.title() == null ? often : policy.title() + ": " + often;
    }
}
