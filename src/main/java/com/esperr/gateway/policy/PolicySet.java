package com.esperr.gateway.policy;

import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.request.FieldReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All enabled policies, compiled, in the order in which they are asked. Immutable; one set is replaced by another as a
 * whole.
 */
public final class PolicySet {
    /** No policies. */
    public static final PolicySet EMPTY = new PolicyCompiler(Definitions.NONE).compile(Countries.NONE);

    private final Policy[] policies;
    private final Facts facts;
    private final Set<String> bodyFields;
    private final PolicyIndex index;
    private final List<String> ids;
    private final String hash;
    private final boolean needsChallengeUrl;
    private final EntityRule[] entities;
    private final Map<String, EntityRule> byName = new HashMap<>();
    private final boolean[] mitigated;
    private final Decision.Allow silence;

    /**
     * A set.
     *
     * @param policies in order
     * @param facts what their conditions need
     * @param bodyFields what they read of bodies
     * @param index finds the clauses that may match
     * @param entities by index
     * @param hash stands for what the policies mean
     */
    PolicySet(
            List<Policy> policies,
            Facts facts,
            Set<String> bodyFields,
            PolicyIndex index,
            List<EntityRule> entities,
            String hash) {
        // A policy whose clauses are all switched off counts, but is not asked.
        this.policies =
                policies.stream().filter(policy -> policy.clauses().length > 0).toArray(Policy[]::new);
        this.facts = facts;
        this.bodyFields = bodyFields;
        this.index = index;
        this.ids = policies.stream().map(Policy::id).toList();
        this.hash = hash;
        this.entities = entities.toArray(EntityRule[]::new);
        entities.forEach(entity -> byName.put(entity.name(), entity));
        this.mitigated = new boolean[entities.size()];
        measures()
                .filter(Measure::lasts)
                .forEach(measure -> mitigated[measure.entity().index()] = true);
        this.needsChallengeUrl =
                measures().anyMatch(measure -> measure.mode() == Mode.CHALLENGE && measure.target() == null);
        this.silence = new Decision.Allow(new Cause("default", null, null, null, null, null, null, hash));
    }

    private Stream<Measure> measures() {
        return Arrays.stream(policies)
                .flatMap(policy -> policy.scoring() == null
                        ? Arrays.stream(policy.clauses()).map(Clause::measure)
                        : policy.scoring().thresholds().stream().map(Scoring.Threshold::measure));
    }

    /** How many policies are enabled. */
    public int count() {
        return ids.size();
    }

    /** The {@code policy_id} of each enabled policy, in order. */
    public List<String> ids() {
        return ids;
    }

    /**
     * Twelve hexadecimal digits that stand for what is in force: the same for files that mean the same, whatever their
     * names, comments, formats and spellings. Where a policy asks for countries, the database that knows them is part of it.
     */
    public String hash() {
        return hash;
    }

    /** Whether a clause sends visitors to {@code challenge.url}, which must then be set. */
    public boolean needsChallengeUrl() {
        return needsChallengeUrl;
    }

    /**
     * The entities of whom the key alone tells who is meant, with the fields of that key: others can recognise such visitors
     * by it without knowing these policies.
     */
    public Map<String, List<FieldReference>> closedEntities() {
        Map<String, List<FieldReference>> closed = new TreeMap<>();
        for (EntityRule entity : entities) {
            if (entity.closed()) {
                closed.put(entity.name(), List.copyOf(entity.fields()));
            }
        }
        return closed;
    }

    /**
     * Fields that visitors have in common whenever a window counts them together or a mitigation meets them together: whoever differs in one of
     * them can be decided about elsewhere. Empty if nobody is counted or mitigated; null if there are none.
     */
    public @Nullable List<FieldReference> apart() {
        List<List<FieldReference>> together = Stream.concat(
                        measures().filter(Measure::lasts),
                        Arrays.stream(policies)
                                .flatMap(policy -> Arrays.stream(policy.clauses()))
                                .filter(clause -> clause.window() != null)
                                .map(Clause::measure))
                .map(measure -> List.copyOf(measure.entity().fields()))
                .distinct()
                .toList();
        if (together.isEmpty()) {
            return List.of();
        }
        List<FieldReference> common = new ArrayList<>(together.get(0));
        together.forEach(common::retainAll);
        return common.isEmpty() ? null : List.copyOf(common);
    }

    /** In order; shared, not to be modified. */
    Policy[] policies() {
        return policies;
    }

    /** What conditions read of bodies, {@code body[user->email]}; if there is nothing, no body has to be looked into. */
    public Set<String> bodyFields() {
        return bodyFields;
    }

    /** How many expressions could not be evaluated, and counted as not fulfilled. */
    public long conditionErrors() {
        return facts.errors().sum();
    }

    /** Finds the clauses that may match; it knows policies and clauses by their places. */
    PolicyIndex index() {
        return index;
    }

    /** What conditions need besides the request. */
    Facts facts() {
        return facts;
    }

    /** By index; shared, not to be modified. */
    EntityRule[] entities() {
        return entities;
    }

    /** The entity of that name, or null. */
    @Nullable
    EntityRule entity(String name) {
        return byName.get(name);
    }

    /** Whether something can become active for such a visitor. */
    boolean mitigates(EntityRule entity) {
        return mitigated[entity.index()];
    }

    /** What becomes of a request about which neither these policies nor anybody else has an opinion. */
    Decision.Allow silence() {
        return silence;
    }

    @Override
    public String toString() {
        return ids.size() + " policies, hash " + hash;
    }
}
