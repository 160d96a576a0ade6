package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.policy.Definitions.ActionDefinition;
import com.esperr.gateway.policy.Definitions.ClauseDefinition;
import com.esperr.gateway.policy.Definitions.EntityDefinition;
import com.esperr.gateway.policy.Definitions.MitigationDefinition;
import com.esperr.gateway.policy.Definitions.PolicyDefinition;
import com.esperr.gateway.policy.Definitions.ScoringDefinition;
import com.esperr.gateway.policy.Scoring.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

    /** The mitigation of preset monitor, whose name nobody can write: it would have done nothing. */
    static final Written PRESET_MONITOR = new Written("preset monitor", "a built-in mitigation", "");

    private static final MitigationDefinition OBSERVE =
            new MitigationDefinition(PRESET_MONITOR, true, Mode.MONITOR, Action.ALLOW, null, null);

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
        entities.with(SeededEntities.beside(given.entities())).with(given.entities());
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
            EntityDefinition visitor = policy.scoring() == null
                    ? SeededEntities.DEFAULT
                    : entity(policy.scoring().entity());
            if (policy.enabled() && visitor != null) {
                List<LinkedClause> inForce =
                        clauses.stream().filter(LinkedClause::isInForce).toList();
                linked.add(new LinkedPolicy(policy, inForce, visitor));
            }
        }
        return List.copyOf(problems);
    }

    /** Whether a policy in force has to know countries; after the look-up. */
    boolean asksForCountries() {
        return linked.stream().anyMatch(LinkedPolicy::asksForCountries)
                || given.entities().stream().anyMatch(entity -> Expression.asksForCountries(entity.matches()));
    }

    /** The policies, after a look-up without problems. */
    PolicySet compile(Countries countries) {
        List<LinkedPolicy> ordered = linked.stream()
                .sorted(Comparator.comparingInt(policy -> policy.definition().priority()))
                .toList();
        List<String> meant = new ArrayList<>();
        ordered.forEach(policy -> meant.add(policy.canonical()));
        if (asksForCountries()) {
            meant.add("countries " + countries.identity());
        }
        String hash = ContentHash.of(meant);
        Map<String, EntityRule> visitors = visitors();
        List<Policy> policies =
                ordered.stream().map(policy -> compile(policy, visitors, hash)).toList();
        // Before the fields are counted, some of which only the index reads.
        PolicyIndex index = index(ordered);
        return new PolicySet(
                policies,
                new Facts(slots.size(), countries, new LongAdder()),
                slots.bodyFields(),
                index,
                List.copyOf(visitors.values()),
                hash);
    }

    /** Every entity by its name, whether a clause names it or only an operator will. */
    private Map<String, EntityRule> visitors() {
        Map<String, EntityRule> visitors = new LinkedHashMap<>();
        for (EntityDefinition entity : entities.all()) {
            String name = entity.name().text();
            // So that what the key needs of bodies is known to be read.
            entity.keyFields().forEach(field -> slots.of(field, false));
            Condition matches = conditions.compile(entity.matches());
            visitors.put(name, new EntityRule(visitors.size(), name, entity.keyFields(), matches, entity.closed()));
        }
        return visitors;
    }

    /** Of the policies that are asked: those with clauses in force. */
    private PolicyIndex index(List<LinkedPolicy> ordered) {
        IndexBuilder index = new IndexBuilder(slots);
        for (LinkedPolicy policy : ordered) {
            if (policy.clauses().isEmpty()) {
                continue;
            }
            index.policy();
            for (LinkedClause clause : policy.clauses()) {
                List<Expression> together = new ArrayList<>(clause.expressions());
                together.add(policy.definition().scope());
                index.clause(together);
            }
        }
        return index.build();
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
        EntityDefinition entity = entity(clause.entity());
        MitigationDefinition mitigation = mitigation(clause.mitigation());
        if (entity == null
                || mitigation == null
                || required.size() < clause.actions().size()) {
            return null;
        }
        LinkedClause found = new LinkedClause(policy, clause, required, entity, mitigation);
        if (!clause.inline() && found.lifetime().isZero() && clause.mitigation() != null) {
            Written name = clause.mitigation();
            problems.add(new Problem(
                    name.place(),
                    name.path().replaceFirst("mitigation$", "inline"),
                    "false",
                    "true, or a lifetime here or in the mitigation"));
        }
        return found;
    }

    private @Nullable EntityDefinition entity(@Nullable Written name) {
        return name == null ? SeededEntities.DEFAULT : entities.find(name);
    }

    private @Nullable MitigationDefinition mitigation(@Nullable Written name) {
        return name == null || name.equals(PRESET_MONITOR) ? OBSERVE : mitigations.find(name);
    }

    private Policy compile(LinkedPolicy policy, Map<String, EntityRule> visitors, String hash) {
        Clause[] clauses = policy.clauses().stream()
                .map(clause -> clause.compile(conditions, visitor(visitors, clause.entity()), hash))
                .toArray(Clause[]::new);
        return new Policy(
                policy.definition().id().text(),
                conditions.compile(policy.definition().scope()),
                clauses,
                policy.scoring(visitor(visitors, policy.visitor())));
    }

    private static EntityRule visitor(Map<String, EntityRule> visitors, EntityDefinition entity) {
        return Objects.requireNonNull(visitors.get(entity.name().text()));
    }

    private static MitigationDefinition inline(Mode mode) {
        Written name = new Written(mode.name().toLowerCase(Locale.ROOT), "a built-in mitigation", "");
        return new MitigationDefinition(name, true, mode, Action.BLOCK, null, null);
    }

    /** An enabled policy with those of its clauses that are in force, and who is meant by its scoring. */
    private record LinkedPolicy(PolicyDefinition definition, List<LinkedClause> clauses, EntityDefinition visitor) {
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
            ScoringDefinition scoring = definition.scoring();
            if (scoring != null) {
                text.append(scoring.canonical())
                        .append(" of ")
                        .append(Expression.quoted(visitor.name().text()));
            }
            clauses.forEach(clause -> text.append("\nclause ").append(clause.canonical()));
            return text.toString();
        }

        @Nullable
        Scoring scoring(EntityRule who) {
            ScoringDefinition scoring = definition.scoring();
            if (scoring == null) {
                return null;
            }
            Duration lifetime = scoring.lifetime() == null ? Duration.ZERO : scoring.lifetime();
            List<Threshold> thresholds = new ArrayList<>();
            scoring.thresholds().forEach((mode, points) -> {
                String name = mode.name().toLowerCase(Locale.ROOT);
                ChallengeUrl target = mode == Mode.CHALLENGE ? scoring.target() : null;
                Measure measure = new Measure(mode, name, target, lifetime.toMillis(), true, who);
                thresholds.add(new Threshold(points, measure, mode == Mode.MONITOR ? Action.BLOCK : null));
            });
            return new Scoring(List.copyOf(thresholds));
        }
    }
}
