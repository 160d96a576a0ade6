package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names in definitions and turns them into a policy set. Policies run by priority, lower numbers first, and in
 * the order of the files where priorities are equal. Confined to the thread that compiles.
 */
final class PolicyCompiler {
    /** {@code mitigation = block} needs no definition. */
    private static final List<MitigationDefinition> INLINE =
            Stream.of(Mode.values()).map(PolicyCompiler::inline).toList();

    private final List<Problem> problems = new ArrayList<>();
    private final FieldSlots slots = new FieldSlots();
    private final ConditionCompiler conditions = new ConditionCompiler(slots);
    private final List<LinkedPolicy> linked = new ArrayList<>();
    private final Definitions given;
    private final Names<ActionDefinition> actions = new Names<>("an action", ActionDefinition::id, problems);
    private final Names<EntityDefinition> entities = new Names<>("an entity", EntityDefinition::name, problems);
    private final Names<MitigationDefinition> mitigations =
            new Names<>("a mitigation", MitigationDefinition::id, problems);

    PolicyCompiler(Definitions given) {
        this.given = given;
        actions.with(given.actions());
        entities.with(SeededEntities.ALL).with(given.entities());
        mitigations.with(INLINE).with(given.mitigations());
        new Names<>("a policy", PolicyDefinition::id, problems).with(given.policies());
    }

    /** Looks up every name; what is taken twice or unknown. */
    List<Problem> link() {
        for (PolicyDefinition policy : given.policies()) {
            List<LinkedClause> clauses = policy.clauses().stream()
                    .map(clause -> link(policy, clause))
                    .flatMap(Stream::ofNullable)
                    .toList();
            if (policy.enabled()) {
                linked.add(new LinkedPolicy(
                        policy, clauses.stream().filter(LinkedClause::isInForce).toList()));
            }
        }
        return List.copyOf(problems);
    }

    /** Whether a policy in force has to know countries; after the look-up. */
    boolean asksForCountries() {
        return linked.stream().anyMatch(LinkedPolicy::asksForCountries);
    }

    /** The policies, after a look-up without problems. */
    PolicySet compile(Countries countries) {
        List<LinkedPolicy> ordered = linked.stream()
                .sorted(Comparator.comparingInt(policy -> policy.definition().priority()))
                .toList();
        List<Policy> policies = ordered.stream().map(this::compile).toList();
        return new PolicySet(
                policies,
                new Facts(slots.size(), countries, new LongAdder()),
                slots.bodyFields(),
                ordered.stream().map(LinkedPolicy::canonical).toList());
    }

    /** The clause with its names looked up; null if one of them is unknown. */
    private @Nullable LinkedClause link(PolicyDefinition policy, ClauseDefinition clause) {
        List<ActionDefinition> required = new ArrayList<>();
        for (Written name : clause.actions()) {
            ActionDefinition action = actions.find(name);
            if (action != null) {
                required.add(action);
            }
        }
        Written who = clause.entity();
        EntityDefinition entity = who == null ? SeededEntities.DEFAULT : entities.find(who);
        MitigationDefinition mitigation = mitigations.find(clause.mitigation());
        if (entity == null
                || mitigation == null
                || required.size() < clause.actions().size()) {
            return null;
        }
        return new LinkedClause(policy, clause, required, entity, mitigation);
    }

    private Policy compile(LinkedPolicy policy) {
        Clause[] clauses = policy.clauses().stream()
                .map(clause -> clause.compile(conditions, slots))
                .toArray(Clause[]::new);
        return new Policy(
                policy.definition().id().text(),
                conditions.compile(policy.definition().scope()),
                clauses);
    }

    private static MitigationDefinition inline(Mode mode) {
        Written name = new Written(mode.name().toLowerCase(Locale.ROOT), "a built-in mitigation", "");
        return new MitigationDefinition(name, true, mode, Action.BLOCK, null);
    }

    /** An enabled policy with those of its clauses that are in force. */
    private record LinkedPolicy(PolicyDefinition definition, List<LinkedClause> clauses) {
        boolean asksForCountries() {
            return Stream.concat(
                            Stream.of(definition.scope()),
                            clauses.stream().flatMap(clause -> clause.expressions().stream()))
                    .anyMatch(Expression::asksForCountries);
        }

        /** What decides about requests, and nothing that only describes it. */
        String canonical() {
            StringBuilder text = new StringBuilder("policy ")
                    .append(Expression.quoted(definition.id().text()))
                    .append(" scope ")
                    .append(definition.scope());
            clauses.forEach(clause -> text.append("\nclause ").append(clause.canonical()));
            return text.toString();
        }
    }
}
