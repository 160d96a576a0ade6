package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.state.WindowLimit;
import java.time.Duration;
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
        return clause.enabled() && mitigation.enabled() && actions.stream().allMatch(ActionDefinition::enabled);
    }

    Clause compile(ConditionCompiler conditions, EntityRule who, String hash) {
        List<Condition> parts = new ArrayList<>();
        expressions().forEach(expression -> parts.add(conditions.compile(expression)));
        WindowLimit limit = clause.window();
        return new Clause(
                Condition.all(parts),
                limit == null ? null : new WindowRule(limit, policy.id().text(), clause.name()),
                clause.score(),
                new Measure(
                        mitigation.mode(),
                        mitigation.id().text(),
                        mitigation.target(),
                        lifetime().toMillis(),
                        clause.inline(),
                        who),
                ClauseTest.all(expressions(), conditions),
                cause(hash));
    }

    /** How long the mitigation is active for the visitor; zero for not at all. */
    Duration lifetime() {
        Duration lifetime = clause.lifetime() == null ? mitigation.lifetime() : clause.lifetime();
        return lifetime == null ? Duration.ZERO : lifetime;
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
        return Expression.quoted(clause.name()) + " if " + expressions() + window + " then " + measure();
    }

    /** What must hold, together. */
    List<Expression> expressions() {
        List<Expression> expressions = new ArrayList<>();
        expressions.add(clause.matches());
        actions.forEach(action -> expressions.add(action.expression()));
        expressions.add(entity.matches());
        return expressions;
    }

    private String measure() {
        if (policy.scoring() != null) {
            return "score " + clause.score();
        }
        String lasting = lifetime().isZero()
                ? ""
                : " lasting " + lifetime() + " for "
                        + Expression.quoted(entity.name().text());
        return mitigation.canonical() + lasting + (clause.inline() ? "" : " later");
    }

    private Cause cause(String hash) {
        boolean watched = mitigation.mode() == Mode.MONITOR && mitigation.would() != Action.ALLOW;
        return new Cause(
                SOURCE,
                policy.id().text(),
                clause.name(),
                null,
                policy.scoring() == null ? reason() : policy.title(),
                null,
                watched ? mitigation.would() : null,
                hash);
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
